"""Has the database note which transaction last changed what a session's board shows of a seat.

So an open board is sent what it has not seen, and nothing else. It is a trigger: of several writers
none can forget it. A form that is only heard of again changes nothing there, unless it was so
silent (three times as long as between two of its news) that the board may have said so.
"""

from django.db import migrations, models

NOTE = """
CREATE FUNCTION outreach_seat_shown() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $function$;
CREATE TRIGGER outreach_seat_comes BEFORE INSERT ON outreach_seat
    FOR EACH ROW EXECUTE FUNCTION outreach_seat_shown();
CREATE TRIGGER outreach_seat_changes BEFORE UPDATE ON outreach_seat
    FOR EACH ROW WHEN (
        (OLD.state, OLD.reason, OLD.block, OLD.block_since, OLD.hint, OLD.heard_at IS NULL)
            IS DISTINCT FROM
        (NEW.state, NEW.reason, NEW.block, NEW.block_since, NEW.hint, NEW.heard_at IS NULL)
        OR NEW.heard_at > OLD.heard_at + interval '45 seconds'
    ) EXECUTE FUNCTION outreach_seat_shown();
"""
NOTE_NO_MORE = """
DROP TRIGGER outreach_seat_comes ON outreach_seat;
DROP TRIGGER outreach_seat_changes ON outreach_seat;
DROP FUNCTION outreach_seat_shown();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_invitations_counted_from_cases")]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="changed_in",
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.RunSQL(NOTE, NOTE_NO_MORE),
    ]
