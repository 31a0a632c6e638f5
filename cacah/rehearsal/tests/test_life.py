"""Real submissions at the moments of the plan, and none on a register that may be real."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from cacah.areas.actions import put_areas
from cacah.areas.packaged import packaged_areas
from cacah.collection import pool
from cacah.collection.models import Submission
from cacah.collection.sealing import read_private_key
from cacah.registry.actions import set_census
from cacah.registry.importing.run import import_register
from cacah.registry.keys import server_keys
from cacah.registry.models import Case, Household, ProgressDelta, Unlisted, VisitRequest
from cacah.rehearsal.fates import Step
from cacah.rehearsal.files import write_register
from cacah.rehearsal.life import live
from cacah.rehearsal.population import population
from cacah.rehearsal.province import SEED, NotARehearsal, province
from cacah.results.opening import opened

FAMILIES = 500
BEFORE = timedelta(days=28)


@pytest.fixture
def census(transactional_db, tmp_path):
    put_areas((c, n) for c, n in packaged_areas().items() if c.startswith(("33", "53")))
    now = timezone.now()
    yield set_census(opens_at=now - BEFORE, closes_at=now + timedelta(days=17))
    pool.close()


@pytest.fixture
def register(census, tmp_path):
    file = tmp_path / "register.csv"
    write_register(province(FAMILIES), file)
    import_register([file], as_of=timezone.localdate())
    return province(FAMILIES)


def test_families_answer_at_their_moments_and_a_second_run_changes_nothing(register, census):
    done = live(register, seed=SEED)
    answered = Case.objects.filter(state="submitted")
    assert done[Step.SUBMIT] == answered.count() > 20
    assert Case.objects.filter(state="opened").exists()
    assert Unlisted.objects.count() == done[Step.LEAVE_WORD] + done[Step.LEAVE_WORD_AND_ANSWER]
    assert VisitRequest.objects.count() == done[Step.VISIT]
    for case in answered:
        assert census.opens_at <= case.opened_at < case.submitted_at <= timezone.now()
    days = {timezone.localtime(case.submitted_at).date() for case in answered}
    assert len(days) > 10
    counted = ProgressDelta.objects.aggregate(f=Sum("responded_families"), o=Sum("opened_families"))
    assert counted == {"f": done[Step.SUBMIT], "o": done[Step.OPEN]}
    assert live(register, seed=SEED).total() == 0


def test_what_they_sent_is_sealed_and_opens_with_the_office_key_only(register):
    live(register, seed=SEED)
    key = read_private_key(settings.CACAH_KEYS.parent / "office" / "office.private")
    families = {server_keys().kk_digest(family.kk): family for family in register}
    stored = Submission.objects.exclude(household_id__lt=0)
    for submission in stored[:5]:
        household = Household.objects.get(pk=submission.household_id)
        family = families[bytes(household.kk_digest)]
        answers = opened(submission, key).answers
        names = [person["identity"]["name"] for person in answers["person"]]
        assert names == [member.name for member in family.members]


def test_it_refuses_a_register_that_holds_one_family_of_somebody_else(register, tmp_path):
    file = tmp_path / "real.csv"
    write_register(population("3376", 1, seed=7), file)
    import_register([file], as_of=timezone.localdate())
    with pytest.raises(NotARehearsal):
        live(register, seed=SEED)
    with pytest.raises(CommandError, match="not of this rehearsal"):
        call_command("rehearsal", "life", "--families", str(FAMILIES))
    assert not Case.objects.exclude(state="expected").exists()
    assert not Submission.objects.exists()


def test_it_refuses_an_empty_register(census):
    with pytest.raises(NotARehearsal, match="empty"):
        live(province(FAMILIES), seed=SEED)
