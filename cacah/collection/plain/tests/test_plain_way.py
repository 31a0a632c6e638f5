"""A family counts itself by the plain form, without a script."""

from __future__ import annotations

import re
from typing import Any

from cacah.collection.sealing import OfficePrivateKey
from tests.browser.register import KK

from .family import PlainFamily, clean, number_of, received

STREET = {"district": "Batang", "village": "Kauman", "street": "Jl. Veteran 3"}
BORN = {"card~day": "21", "card~month": "4", "card~year": "1978"}
ELSEWHERE = {"province": "33", "regency": "3325", **STREET}


def test_a_family_of_five_gets_from_the_first_page_to_the_receipt(
    plain: PlainFamily, five: dict[str, Any], office_key: OfficePrivateKey
) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm").press("send")
    assert "Diterima. Ini bukti Anda" in plain.html and "5 orang" in plain.html
    assert 'src="data:image/png;base64,' in plain.html
    signed = re.search(r'href="(/bukti/[^"]+)\.pdf"', plain.html)
    assert signed and plain.client.get(signed[1] + ".pdf").content.startswith(b"%PDF")
    assert number_of(plain) in plain.client.get(signed[1]).content.decode()
    # What only the register knows is not there: the card question was skipped.
    for name in ("registered_address", "registered_area"):
        five["answers"]["family"].pop(name)
    assert received(plain, office_key)["answers"] == clean(five["answers"])
    assert plain.posts <= 25


def test_the_card_question_fills_in_what_the_register_holds(
    plain: PlainFamily, five: dict[str, Any]
) -> None:
    plain.identify()
    assert "Siti Aminah" in plain.html
    plain.press("next", **{"card~day": "1", "card~month": "1", "card~year": "1950"})
    assert plain.response.status_code == 403
    assert "Anda masih boleh mencoba 2 kali lagi hari ini." in plain.html
    plain.press("next", **BORN)
    plain.press("section:person[1]").press("next", **{"person[1]/stay/presence": "1"})
    assert plain.form.fields["person[1]/birth/birth_place"] == "Batang"
    assert plain.form.fields["person[1]/birth/birth_date/birth_year"] == "1975"


def test_the_answer_to_the_card_question_may_be_left_out_or_skipped(plain: PlainFamily) -> None:
    assert "Jawab pertanyaannya, atau lewati" in plain.identify().press("next").html
    assert "Keterangan keluarga" in plain.press("skip").html


def test_it_asks_only_what_an_answer_opens_and_then_the_rest(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("section:person[1]")
    name, presence = "person[1]/identity/name", "person[1]/stay/presence"
    assert presence in plain.form.offered and name not in plain.form.offered
    plain.press("next", **{presence: "1"})
    assert name in plain.form.offered and presence not in plain.form.offered
    assert "Jawaban Anda memunculkan pertanyaan lain" in plain.html
    plain.press("tasks").press("section:person[1]")
    assert {name, presence} <= set(plain.form.offered)


def test_a_mistake_is_told_beside_its_field_and_the_rest_stays(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("section:person[1]").fill_page()
    wrong = plain.known() | {"person[1]/identity/nik": "12"}
    plain.press("next", **wrong)
    assert 'href="#f-person-1-identity-nik"' in plain.html
    assert 'aria-invalid="true"' in plain.html
    assert plain.form.fields["person[1]/identity/nik"] == "12"
    assert plain.form.fields["person[1]/birth/birth_place"] == "Batang"
    assert "later" in plain.form.buttons
    plain.press("next", **{"person[1]/identity/nik": plain.nik})
    assert 'href="#f-person-1-identity-nik"' not in plain.html


def test_what_was_left_for_later_is_listed_and_mended_from_the_overview(
    plain: PlainFamily,
) -> None:
    nik = "person[2]/identity/nik"
    right = plain.answers.pop(nik)
    plain.answers[nik] = "123"
    plain.identify().press("skip")
    while "mend:" + nik not in plain.form.buttons:
        plain.fill_page() if "later" not in plain.form.buttons else plain.press("later")
    assert "send" not in plain.form.buttons and "confirm" not in plain.form.buttons
    plain.press("mend:" + nik)
    assert re.search(r'id="f-person-2-identity-nik"[^>]* autofocus', plain.html)
    assert "Simpan" in plain.html
    plain.press("next", **{nik: right})
    assert "mend:" + nik not in plain.form.buttons
    plain.answers[nik] = right
    for _ in range(20):
        mend = [button for button in plain.form.buttons if button.startswith("mend:")]
        if "confirm" in plain.form.buttons:
            break
        plain.press(mend[0]).fill_page()
    assert "confirm" in plain.form.buttons


def test_a_warning_is_explained_by_a_remark(
    plain: PlainFamily, office_key: OfficePrivateKey
) -> None:
    status = "person[1]/residence/since/since_year"
    plain.answers |= {status: "1975", "person[1]/residence/since/since_month": "8"}
    plain.answers["person[1]/identity/nik"] = "3201111708750001"
    remark = "remark:person[1]/residence/nik_area"
    plain.identify().press("next", **BORN)
    while remark not in plain.form.offered:
        plain.fill_page()
    plain.answers[remark] = "Pindah waktu bayi"
    plain.fill_page()
    plain.fill_until("confirm").press("confirm").press("send")
    assert received(plain, office_key)["remarks"] == {
        remark.removeprefix("remark:"): "Pindah waktu bayi"
    }


def test_members_are_added_removed_and_brought_back(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("add:person")
    assert "Anggota 6 dari 6" in plain.html
    plain.press("tasks", **{"person[6]/identity/name": "Bayi"})
    assert "Bayi" in plain.html
    assert "remove:person[1]" not in plain.form.buttons
    plain.press("remove:person[6]")
    assert "Bayi" in plain.html and "undo" in plain.form.buttons
    assert "section:person[6]" not in plain.form.buttons
    plain.press("undo")
    assert "section:person[6]" in plain.form.buttons
    plain.press("next")
    assert "undo" not in plain.form.buttons


def test_a_sixtieth_member_is_taken_and_no_more(plain: PlainFamily) -> None:
    plain.identify().press("skip")
    for _ in range(55):
        plain.press("add:person").press("tasks")
    assert len(plain.form.fields["state"]) < 20_000
    plain.press("add:person")
    assert plain.response.status_code == 413
    assert "paling banyak 60 orang" in plain.html
    assert "section:person[60]" in plain.press("tasks").form.buttons


def test_a_long_list_is_searched_and_a_text_that_means_one_choice_is_taken(
    plain: PlainFamily,
) -> None:
    address = {f"family/address_now/{name}": value for name, value in ELSEWHERE.items()}
    regency = "family/address_now/regency"
    plain.answers |= address | {"family/address/at_registered": "2"}
    plain.identify().press("skip").press("section:family")
    plain.press("next", **plain.known())
    assert "cari:" + regency in plain.form.offered
    plain.press("search", **{"cari:" + regency: "batang"})
    assert {"3325", "1607"} & set(plain.form.offered[regency] or ())
    plain.press("next", **{"cari:" + regency: "qqq", "family/address_now/province": "33"})
    assert "“qqq”" in plain.html
    plain.press("next", **{"cari:" + regency: "Batang"})
    assert plain.form.fields.get(regency) in ("3325", None)
    plain.fill_until("confirm")
    assert "KABUPATEN BATANG" in plain.html


def test_the_whole_way_goes_in_english(five: dict[str, Any]) -> None:
    nik = five["prefill"]["persons"][0]["nik"]
    plain = PlainFamily(nik, KK, five["answers"], "en")
    plain.identify().press("skip").fill_until("confirm").press("confirm").press("send")
    assert "Received. Here is your proof" in plain.html and '<html lang="en">' in plain.html
    assert "/en/bukti/" in plain.html


def test_the_language_changes_in_the_middle_and_nothing_typed_is_lost(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("section:family")
    plain.press("language:en", **plain.known())
    assert '<html lang="en">' in plain.html and "The family" in plain.html
    assert plain.form.action == "/en/polos/"
    assert plain.form.fields["family/home/floor"] == "2"
