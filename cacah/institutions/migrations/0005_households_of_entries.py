"""Has the database keep, with each entry, the one household in which the person was found.

A page asks whom a pending household brings further; by this column an index alone answers. It is
kept by a trigger on the findings: of several writers none can forget it, and the door, which writes
no finding, pays nothing. While the rows that are there are filled in, whoever reads or writes a
roster waits.
"""

from django.db import migrations, models
from django.db.models import Q

# The statement is planned anew each time: one plan cannot serve two people and fifty thousand.
KEEP = """
CREATE FUNCTION institutions_findings_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM changed) THEN RETURN NULL; END IF;
    EXECUTE $statement$
        WITH found AS MATERIALIZED (
            SELECT entry_id, count(f.household_id) > 1 AS shared,
                CASE WHEN count(f.household_id) = 1 THEN min(f.household_id) END AS household_id
            FROM (SELECT DISTINCT entry_id FROM changed) AS of
                LEFT JOIN institutions_finding f USING (entry_id)
            GROUP BY entry_id
        ), marked AS (
            UPDATE institutions_finding f SET shared = found.shared
            FROM found WHERE f.entry_id = found.entry_id AND f.shared <> found.shared
        )
        UPDATE institutions_rosterentry e SET household_id = found.household_id
        FROM found WHERE e.id = found.entry_id
            AND e.household_id IS DISTINCT FROM found.household_id
    $statement$;
    RETURN NULL;
END $function$;
CREATE TRIGGER institutions_findings_come AFTER INSERT ON institutions_finding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION institutions_findings_changed();
CREATE TRIGGER institutions_findings_go AFTER DELETE ON institutions_finding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION institutions_findings_changed();
"""
KEEP_NO_MORE = """
DROP TRIGGER institutions_findings_come ON institutions_finding;
DROP TRIGGER institutions_findings_go ON institutions_finding;
DROP FUNCTION institutions_findings_changed();
"""
# All rosters are held as the fold holds them (actions.locks), and before the tables are: in the
# other order this would wait for a writer who waits for it.
HOLD = "SELECT pg_advisory_xact_lock(0x696E737402)"
FILL = """
UPDATE institutions_rosterentry e SET household_id = f.household_id
FROM (
    SELECT entry_id, min(household_id) AS household_id FROM institutions_finding
    GROUP BY entry_id HAVING count(*) = 1
) AS f WHERE e.id = f.entry_id;
UPDATE institutions_finding SET shared = true WHERE entry_id IN (
    SELECT entry_id FROM institutions_finding GROUP BY entry_id HAVING count(*) > 1
)
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0004_turnover_of_rosters")]

    operations = [
        migrations.RunSQL(HOLD, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="rosterentry",
            name="household_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="shared",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
        migrations.AddIndex(
            model_name="rosterentry",
            index=models.Index(
                condition=Q(
                    ("removed_at", None), ("state__in", ["not_found", "not_yet", "opened"])
                ),
                fields=["household_id"],
                include=("id", "institution", "state"),
                name="roster_left_by_household",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=Q(("shared", True)),
                fields=["household_id"],
                include=("entry",),
                name="finding_shared",
            ),
        ),
    ]
