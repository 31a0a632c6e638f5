"""The audit trail names teams, visits, sessions and institutions, and never a family."""

from __future__ import annotations

import pytest

from cacah.institutions import verbs as institutions_verbs
from cacah.institutions.naming import OTHERS
from cacah.outreach import verbs
from cacah.outreach.actions import plan
from cacah.outreach.actions import sessions as session_verbs
from cacah.outreach.actions.teams import close_team
from cacah.outreach.models import GuidedSession
from cacah.staff.actions import trace
from cacah.staff.naming import is_told
from cacah.staff.tests.cast import area, officer, signed_in
from cacah.staff.verbs import WORDS

from .cast import KUPANG, institution, team, visit

TRAIL = "/kantor/jejak/"


def trail(client, where: str = "53.71") -> str:
    return signed_in(client, officer("regency", area=where)).get(TRAIL).content.decode()


@pytest.mark.django_db
def test_a_line_says_what_its_id_is_called(client):
    leader = officer("regency", area=KUPANG)
    dinas, tim = institution("Dinas Sosial", left=5), team("Tim Alak")
    there = visit(dinas, tim)
    close_team(by=leader, team=team("Tim Lama").pk)
    plan.move(by=leader, visit=there.pk, version=there.version, to=None)
    plan.want_visits(by=leader, area=KUPANG, institutions={institution("Balai", left=3).pk})
    new = GuidedSession(title="Aula Kelurahan", area=area(KUPANG))
    session_verbs.open_session(by=leader, new=new)
    page = trail(client)
    for name in ("Tim Lama", there.title, "Aula Kelurahan", "(Balai)", "Area 5371"):
        assert name in page, name
    assert "Tim Lama <small" in page


@pytest.mark.django_db
def test_what_lies_in_another_area_today_stays_a_number(client):
    tim = team("Tim Kupang")
    trace(by=None, verb="outreach.team_changed", subject=tim.pk, area="3325")
    area("3325")
    page = trail(client, "33.25")
    assert f"<td>{tim.pk}</td>" in page and "Tim Kupang" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["9" * 30, "-1", "x", "", "1.5", "²"])
def test_a_subject_that_is_no_id_is_shown_as_it_is(client, subject):
    details = {"team": [1, "x", None, {"a": 1}], "institutions": "9" * 40}
    trace(by=None, verb="outreach.visit_moved", subject=subject, area=KUPANG, details=details)
    assert trail(client)


def test_every_verb_that_has_an_id_says_what_it_is_of():
    silent = {"outreach.visits_wanted", "outreach.week_proposed", *OTHERS}
    for verb in (*verbs.WORDS, *institutions_verbs.WORDS):
        assert is_told(verb) != (verb in silent), verb


def test_a_family_is_never_named():
    assert not [verb for verb in WORDS if verb.startswith("helpdesk.") and is_told(verb)]
