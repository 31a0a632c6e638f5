"""What a laptop's proof is worth on the check page: before its answers have come, and after."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cacah.collection import receipts
from cacah.collection.packs.actions import revoke_pack
from cacah.collection.packs.tests.conftest import NOW, Laptop, submission, word
from cacah.registry.keys import ServerKeys, server_keys


def page(code: str, language: str = "") -> str:
    answer = Client().get(f"{language}/bukti/{code}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def pdf_text(code: str) -> list[str]:
    answer = Client().get(f"/bukti/{code}.pdf")
    pages = pypdfium2.PdfDocument(answer.content)
    return [" ".join(each.get_textpage().get_text_bounded().split()) for each in pages]


def test_before_its_answers_have_come_it_is_provisional(laptop, family):
    item = family.answers()
    shown = page(laptop.signed(item))
    assert "Bukti ini sementara" in shown and "Tanda tangannya cocok" in shown
    assert item["number"] in shown and "2 orang" in shown
    assert "belum sampai di pusat" in shown and "Bukti ini asli" not in shown
    assert "This proof is provisional" in page(laptop.signed(item), "/en")


def test_its_number_alone_says_where_to_look(laptop, family):
    assert "pindai kodenya" in page(family.answers()["number"])


def test_once_they_have_come_it_is_genuine_and_leads_to_the_final_one(laptop, family):
    item = family.answers()
    laptop.deliver(item)
    code = laptop.signed(item)
    shown = Client().get(f"/bukti/{code}").content.decode()
    assert "Bukti ini asli" in shown and "sementara" not in shown
    final = re.search(r'href="/bukti/([^"]+)\.pdf"', shown)
    assert final and receipts.verify(final[1]).pack == 0
    # Whoever knows the number only gets no signature.
    assert ".pdf" not in Client().get(f"/bukti/{item['number']}").content.decode()


def test_answers_that_lie_beside_others_are_said_to(laptop, family):
    Laptop("BATANG2").deliver(family.answers())
    item = family.answers()
    laptop.deliver(item)
    for code in (item["number"], laptop.signed(item)):
        assert "tercatat melalui jawaban lain" in page(code)


def test_a_withdrawn_laptop_proves_nothing_that_has_not_arrived(laptop, family):
    arrived, lost = family.answers(), submission(-5, [])
    laptop.deliver(arrived)
    assert revoke_pack(pack_id=laptop.pack.pk, at=NOW)
    assert not revoke_pack(pack_id=laptop.pack.pk, at=NOW)
    assert "Bukti ini asli" in page(laptop.signed(arrived))
    shown = page(laptop.signed(lost))
    assert "tidak berlaku lagi" in shown and "Tanda tangannya cocok" not in shown


def test_another_laptops_signature_or_a_changed_mark_is_forged(laptop, family):
    item, other = family.answers(), Laptop("BATANG2")
    code, pack, unknown = laptop.signed(item), laptop.pack.pk, 999_999_999
    for wrong in (
        code.replace(f".p{pack}.", f".p{other.pack.pk}."),
        code.replace(f".p{pack}.", f".p{unknown}."),
        code.replace(f".p{pack}.", f".p0{pack}."),
        code.replace(f".p{pack}.", "."),
        code.replace(".2.1.", ".3.1."),
    ):
        assert wrong != code
        assert "Bukti ini tidak asli" in page(wrong)
        assert Client().get(f"/bukti/{wrong}.pdf").status_code == 404


def test_a_laptop_in_wrong_hands_gets_no_signature_for_what_it_did_not_deliver(laptop, family):
    """It can sign whatever number it has seen, of any family; and leads nowhere with that."""
    item = family.answers()
    Laptop("BATANG2").deliver(item)
    assert "Bukti ini asli" in page(item["number"])
    shown = Client().get(f"/bukti/{laptop.signed(item)}").content.decode()
    assert "Bukti ini tidak asli" in shown and ".pdf" not in shown
    assert Client().get(f"/bukti/{laptop.signed(item)}.pdf").status_code == 404


def test_the_centres_own_signature_does_not_count_as_a_packs(laptop, family):
    item = family.answers()
    statement = laptop.signed(item).rsplit(".", 1)[0]
    own = receipts.spelled(receipts.signing_key().sign(statement.encode()))
    assert "Bukti ini tidak asli" in page(f"{statement}.{own}")


def test_offline_it_is_said_who_has_signed_it(laptop, family, tmp_path):
    key, code = tmp_path / "receipt.public", laptop.signed(family.answers())
    key.write_bytes(receipts.public_pem(receipts.public_key()))
    for text in (code, f"https://sensus.example.id/bukti/{code}"):
        with pytest.raises(CommandError, match=f"session pack {laptop.pack.pk} has signed it"):
            call_command("receipt", "verify", text, "--key", str(key))


def test_an_unlisted_familys_is_to_be_verified_too(laptop):
    said = word()
    item = submission(said["id"], [])
    code = laptop.signed(item, unlisted=True)
    assert f".u.p{laptop.pack.pk}." in code
    assert "Masih akan diverifikasi" in page(code)
    laptop.deliver(said, item)
    assert "Masih akan diverifikasi" in page(code) and "Bukti ini asli" in page(code)


def test_as_pdf_it_says_that_it_is_provisional_on_one_page(laptop, family):
    item = family.answers(9)
    (only,) = pdf_text(laptop.signed(item, unlisted=True))
    assert only.startswith("Bukti sementara") and "begitu ada sinyal" in only
    assert "Tersimpan di laptop" in only and "Sudah kami terima" not in only


def test_as_pdf_it_is_the_final_one_once_the_answers_have_come(laptop, family):
    item = family.answers()
    laptop.deliver(item)
    (only,) = pdf_text(laptop.signed(item))
    assert only.startswith("Bukti pengisian") and "sementara" not in only


def test_an_answer_names_it_provisional_and_leads_to_the_centre(laptop, family, settings):
    settings.CACAH_PROOF_URL = "https://sensus.example.id/"
    signed = laptop.signed(family.answers())
    answer = receipts.verify(signed).as_answer(signed)
    assert answer["provisional"] is True
    assert answer["verify_url"] == f"https://sensus.example.id/bukti/{signed}"


def test_on_the_laptop_itself_every_proof_is_provisional(
    laptop, family, monkeypatch: pytest.MonkeyPatch
):
    item = family.answers()
    laptop.deliver(item)
    assert server_keys().pack == 0
    monkeypatch.setattr(ServerKeys, "pack", laptop.pack.pk)
    shown = page(item["number"])
    assert "Bukti ini sementara" in shown and "Tanda tangannya" not in shown
