"""The help of each page, which is fetched when somebody opens it (see words.py).

A page of the questionnaire has its own under `help.<instrument>/<path of the page>`.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

HELP_WORDS: dict[str, str] = {
    # every page
    "help.call": _("Help by phone:"),
    "help.visit": _("I cannot do this: please visit me"),
    "help.page": _(
        "Below a question, “Explanation” says what is meant.\nIf you do not know an answer, ask "
        "the others in the family. You may also leave the page for later; nothing is lost."
    ),
    # the pages around the questions
    "help.identify": _(
        "NIK and family card number have 16 digits each. The family card number is at the top of "
        "the card; each NIK is next to a name.\nThere is no password. Whoever has begun comes "
        "back with the same family card."
    ),
    "help.card": _(
        "We ask so that nobody who merely knows the two numbers sees your data. Answer as the "
        "family card says, even if the card is wrong.\nA wrong answer only means typing more."
    ),
    "help.tasks": _(
        "Each line is a part of the form, or a person; the order is yours, and you may stop at "
        "any time.\nIf somebody is missing, add a person. If somebody died or moved away, say so "
        "on that person's first page."
    ),
    "help.summary": _(
        "What is missing stands on top, and each line leads to its question. To change an "
        "answer, choose “Change” beside it."
    ),
    "help.elsewhere": _(
        "With a continue code the unfinished answers can be gone on with on another phone or "
        "computer. Without one they stay on this device.\nWhoever has the code together with NIK "
        "and family card number can open the answers, so keep it well."
    ),
    "help.code": _(
        "The code has 12 letters and digits and one more sign. It stands on the first device, on "
        "the page “Go on with another device”.\nWhoever has lost it goes on with the first "
        "device; nobody can tell it again, not even the help line."
    ),
    "help.merge": _(
        "Read both answers about each person, and choose what is right today. What you do not "
        "choose is left out."
    ),
    "help.confirm": _(
        "The proof of completion comes at once. A mistake can still be corrected afterwards, "
        "with the number of the proof."
    ),
    "help.sending": _(
        "Without a signal the answers wait on this device. Nothing is sent twice, and nothing is "
        "lost."
    ),
    "help.receipt": _(
        "An employer, a school or the village office can check the number. Nobody sees your "
        "answers."
    ),
    "help.leave": _("On a phone of your own, keep the answers. On somebody else's, remove them."),
    "help.already": _(
        "Ask in the family who sent the answers: that person has the proof of completion. If "
        "nobody did, call us."
    ),
    "help.unlisted": _(
        "Choose the village where you live now, not the one on an old card. If it is new and not "
        "on the list, choose the one it was part of, and write its name into the address."
    ),
    "help.returning": _(
        "The reference number has 13 letters and digits. If you have lost it, leave your details "
        "once more."
    ),
    # pages of the 2020 questionnaire that many found hard (docs/sp2020.md)
    "help.sp2020/family/address": _(
        "What counts is where the family lives now, also if the family card names another place."
    ),
    "help.sp2020/family/address_now": _(
        "If RT or RW is not known, leave it empty. A landmark helps the officer more than a "
        "perfect address."
    ),
    "help.sp2020/members/missed": _(
        "Count everybody who has lived here for a year or more, or means to stay: a newborn, a "
        "grandmother, a domestic worker who lives in, whether or not they are on your family "
        "card."
    ),
    "help.sp2020/members/staying": _(
        "Whoever works elsewhere and comes home every week is counted here, and so is a pupil at "
        "a boarding school."
    ),
    "help.sp2020/members/leaving": _(
        "Students who live where they study, and whoever is away for a year or more, are counted "
        "there and not here."
    ),
    "help.sp2020/person/stay": _(
        "Whoever has been away for a year or more has moved, even if the family card still names "
        "that person. For somebody who died or moved, nothing more is asked."
    ),
    "help.sp2020/person/identity": _(
        "A NIK never changes, not by a move, a marriage or a new card. If it is not at hand, "
        "leave it empty and choose why."
    ),
    "help.sp2020/person/birth": _(
        "If the day or month is not known, say so. The year may be worked out from something "
        "remembered: a wedding, a school year, an eruption."
    ),
    "help.sp2020/person/residence": _(
        "A guess of the year is good enough. Whoever has lived there since birth gives the month "
        "and year of birth."
    ),
    "help.sp2020/person/marriage": _(
        "Married by religion or custom counts too. If the certificate is not at hand, leave its "
        "number empty."
    ),
    "help.sp2020/person/schooling": _(
        "What counts is the certificate already held. Somebody still at primary school has not "
        "finished it yet."
    ),
    "help.sp2020/person/work": _(
        "Type a few letters of the occupation and choose. If it is not on the list, choose "
        "“Other occupation” and describe it in your own words; that is enough."
    ),
}
