"""Reminders go to exactly those who are left; the weekly e-mail goes once, and names nobody."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import StringIO
from smtplib import SMTPRecipientsRefused
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cacah.institutions import actions, digest, jobs
from cacah.institutions.actions.letters import claim_digest, want_digest, write_intro
from cacah.institutions.actions.people import exempt
from cacah.institutions.actions.receipts import add_by_name
from cacah.institutions.cards import cards
from cacah.institutions.models import Digest, Institution, ReminderIntro, RosterEntry
from cacah.institutions.people import FILTERS, people
from cacah.institutions.reminders import Reminder, occasion, reminders
from cacah.institutions.tests import cast
from cacah.institutions.tests.cast import answers, family, institution, opens
from cacah.registry.actions import set_census
from cacah.staff.models import Officer
from cacah.staff.queries import scope_of
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
MONDAY = date(2030, 1, 7)


@pytest.fixture
def dinas() -> Institution:
    """Five people, one in each state, and one who waits for a receipt."""
    set_census(
        opens_at=datetime(2026, 11, 1, tzinfo=UTC), closes_at=datetime(2026, 11, 30, 17, tzinfo=UTC)
    )
    dinas = institution()
    family(1, 1), family(2, 2), family(3, 3), family(5, 5)
    actions.add_entries(by=None, institution=dinas.pk, people=cast.people(1, 2, 3, 4, 5))
    opens(2)
    answers(1)
    return dinas


@pytest.fixture
def ani(dinas: Institution) -> Officer:
    ani = officer("coordinator", "33.25", institution=dinas.pk)
    exempted = RosterEntry.objects.order_by("id")[4].pk
    exempt(by=ani, institution=dinas.pk, entry=exempted, reason="abroad")
    add_by_name(by=ani, institution=dinas.pk, name="Budi")
    return ani


def written(dinas: Institution) -> dict[str, Reminder]:
    everybody = list(people([dinas.pk], states=FILTERS[""]))
    return {each.name: each for each in reminders(everybody, occasion(dinas))}


def test_reminders_are_for_those_who_are_left(dinas: Institution, ani: Officer) -> None:
    with override("en"):
        texts = written(dinas)
    assert set(texts) == {"Pegawai 2", "Pegawai 3", "Pegawai 4", "Budi"}
    assert "have not been sent yet" in texts["Pegawai 2"].text
    assert "not yet taken part" in texts["Pegawai 3"].text
    assert "could not find you" in texts["Pegawai 4"].text
    assert "receipt" in texts["Budi"].text
    assert all("30 November 2026" in each.text for each in texts.values())


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_reminder_says_nothing_personal_but_the_name(
    dinas: Institution, ani: Officer, language: str
) -> None:
    with override(language):
        for name, each in written(dinas).items():
            rest = each.text.replace(name, "")
            assert name in each.text
            assert set(re.findall(r"\d{4,}", rest)) <= {"2020", "2026", "8000"}
            assert "Dinas" not in rest


def test_links_carry_the_text_and_no_number(dinas: Institution, ani: Officer) -> None:
    each = written(dinas)["Budi"]
    link = urlsplit(each.whatsapp)
    assert (link.netloc, link.path) == ("wa.me", "/")
    assert parse_qs(link.query)["text"] == [each.text]
    assert each.email.startswith("mailto:?")


def test_the_intro_of_the_nearest_institution_stands_in_every_reminder(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    unit = institution("Puskesmas", parent=dinas)
    write_intro(by=ani, institution=dinas.pk, text="  <b>Apel pagi</b> & doa ")
    assert occasion(unit).intro == "<b>Apel pagi</b> & doa"
    page = signed_in(client, ani).get(reverse("institution-reminders", args=[dinas.pk]))
    assert "&lt;b&gt;Apel pagi&lt;/b&gt; &amp; doa" in page.content.decode()
    write_intro(by=ani, institution=dinas.pk, text="")
    assert not ReminderIntro.objects.exists()


def test_it_refuses_an_intro_that_is_too_long(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    url = reverse("institution-reminders", args=[dinas.pk])
    page = signed_in(client, ani).post(url, {"intro": "x" * 601}).content.decode()
    assert 'role="alert"' in page
    assert "x" * 601 in page
    client.post(url, {"intro": "Halo"})
    assert ReminderIntro.objects.get().text == "Halo"


def test_the_page_has_each_text_and_a_file_for_mail_merge(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    url = reverse("institution-reminders", args=[dinas.pk])
    page = signed_in(client, ani).get(url, {"bahasa": "en"}).content.decode()
    assert page.count("data-text") == 4
    assert "Dear Budi," in page
    rows = client.get(url, {"format": "json", "keadaan": "opened"}).json()["rows"]
    assert [row["name"] for row in rows] == ["Pegawai 2"]
    # Whoever is complete is reminded of nothing, whatever the address asks for.
    assert client.get(url, {"keadaan": "complete"}).content.decode().count("data-text") == 4


def test_the_weekly_email_has_counts_and_no_name(dinas: Institution, ani: Officer) -> None:
    assert digest.send(MONDAY) == digest.Outcome(1, 0, 0)
    (sent,) = mail.outbox
    assert sent.to == [ani.email]
    assert "Pegawai" not in sent.body
    assert reverse("institution", args=[dinas.pk]) in sent.body
    assert reverse("institutions-digest") in sent.body
    assert "20,0" in sent.body


def test_it_goes_out_once_a_week(dinas: Institution, ani: Officer) -> None:
    digest.send(MONDAY)
    assert digest.send(date(2030, 1, 13)) == digest.Outcome(0, 1, 0)
    assert digest.send(date(2030, 1, 14)) == digest.Outcome(1, 0, 0)
    assert len(mail.outbox) == 2


def test_one_that_was_begun_before_a_crash_is_not_sent_again(
    dinas: Institution, ani: Officer
) -> None:
    assert claim_digest(officer=ani, week=MONDAY)
    assert digest.send(MONDAY).sent == 0
    assert not mail.outbox


def test_one_that_the_mail_server_refused_is_tried_again(
    dinas: Institution, ani: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert digest.send(MONDAY) == digest.Outcome(0, 0, 1)
        with pytest.raises(CommandError):
            call_command("institutions", "digest", stdout=StringIO())
    assert digest.send(MONDAY).sent == 1


def test_who_refuses_or_is_suspended_gets_none(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani).post(reverse("institutions-digest"), {"mau": "0"})
    assert digest.send(MONDAY).sent == 0
    want_digest(by=ani, wanted=True)
    Officer.objects.filter(pk=ani.pk).update(suspended_at=timezone.now())
    assert digest.send(MONDAY).sent == 0


def test_a_dry_run_shows_and_sends_nothing(dinas: Institution, ani: Officer) -> None:
    out = StringIO()
    call_command("institutions", "digest", "--dry-run", stdout=out)
    assert ani.email in out.getvalue()
    assert not mail.outbox
    assert not Digest.objects.exists()


def test_the_job_sends_from_monday_seven_oclock_on(
    dinas: Institution, ani: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour, sent in ((23, 0), (0, 1), (1, 1)):  # UTC; seven hours later in Jakarta
        day = 6 if hour == 23 else 7
        now = datetime(2030, 1, day, hour, 7, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        jobs.send_digests(timestamp=0)
        assert len(mail.outbox) == sent


def test_cards_say_what_a_coordinator_has_to_do(dinas: Institution, ani: Officer) -> None:
    found = {card.title: card.count for card in cards(scope_of(ani))}
    with override("id"):
        assert sorted(filter(None, found.values())) == [1, 4]
    empty = institution("Bank")
    nobody = cards(scope_of(officer("coordinator", "33.25", institution=empty.pk)))
    assert [card.tone for card in nobody] == ["todo"]


def test_cards_say_which_institutions_lack_coordinator_or_roster(
    dinas: Institution, ani: Officer
) -> None:
    institution("Bank")
    institution("Kantor Pos", where="33.74")
    here = cards(scope_of(officer("regency", "33.25")))
    assert [card.count for card in here] == [1, 1]
    assert [card.count for card in cards(scope_of(officer("province", "33")))] == [2, 2]
    assert [card.count for card in cards(scope_of(officer("national")))] == [2, 2]


def test_no_log_names_whom_the_mail_server_refused(
    dinas: Institution,
    ani: Officer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(self: object) -> None:
        raise SMTPRecipientsRefused({ani.email: (550, b"unknown")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert digest.send(MONDAY).failed == 1
    assert "SMTPRecipientsRefused" in caplog.text
    assert ani.email not in caplog.text


def test_a_card_says_where_people_come_and_go(dinas: Institution) -> None:
    actions.add_entries(by=None, institution=dinas.pk, people=cast.people(*range(500, 560)))
    actions.add_entries(by=None, institution=dinas.pk, people=cast.people(1), replace=True)
    with override("en"):
        here = [card.title for card in cards(scope_of(officer("regency", "33.25")))]
        elsewhere = [card.title for card in cards(scope_of(officer("regency", "33.74")))]
    assert "Rosters that changed a lot" in here
    assert "Rosters that changed a lot" not in elsewhere
