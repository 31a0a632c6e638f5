"""What the form says to a family that is not found, or that asks to be visited (see words.py)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

UNLISTED_WORDS: dict[str, str] = {
    # sending until the door answers
    "insist.safe": _("What you wrote is kept on this device until we have received it."),
    "insist.offline": _("There is no signal, so it could not be sent yet."),
    "insist.busy": _("The census is very busy, so we could not receive it yet."),
    "insist.keep": _(
        "What you wrote is safe on this device. We try again by ourselves in {n} seconds; you "
        "may also close this page and open it again later."
    ),
    # two numbers that are not found together
    "check.title": _("Please check:"),
    "check.digits": _(
        "Compare four digits at a time with the card. Often two digits are swapped, or one is "
        "wrong."
    ),
    "check.older": _(
        "Is the card newer than a year, because of a marriage, a birth or a move? Try the number "
        "of the older card."
    ),
    "check.member": _("Try the NIK of another member who is on the same card."),
    "check.same": _(
        "The same number stands twice. The family card number is at the top of the card; each "
        "NIK is next to a name."
    ),
    "check.date": _(
        "Something in this NIK is swapped or wrong: its digits 7 to 12 are always a birth date "
        "(for women, the day plus 40)."
    ),
    "check.swapped": _(
        "Perhaps each number stands in the other's place. The family card number is at the top "
        "of the card; each NIK is next to a name."
    ),
    "check.still": _("If none of this helps:"),
    "check.onward": _(
        "Still not found? That is not your fault: our list may be older than your card. Leave us "
        "your details, and you are counted all the same."
    ),
    # leaving word
    "unlisted.title": _("My family was not found"),
    "unlisted.why": _(
        "Leave us these few details, also if you have no NIK or family card. You get a reference "
        "number, and you may then answer at once or wait for a census officer."
    ),
    "unlisted.visit": _("Please visit my family"),
    "unlisted.visit.why": _(
        "Leave us these few details, and a census officer comes and fills in the answers with you."
    ),
    "unlisted.numbers": _(
        "The numbers that you typed on the page before are sent too, so that your family is not "
        "counted twice."
    ),
    "unlisted.go": _("Send these details"),
    "unlisted.returning": _("I already have a reference number"),
    "who.label": _("Name of the head of the family"),
    "who.hint": _("Or of another adult whom the officer can ask for"),
    "who.empty": _("Enter a name"),
    "count.label": _("Number of people in the family"),
    "count.hint": _("Everybody who lives together, babies too"),
    "count.wrong": _("Enter the number of people, from 1 to 60"),
    "village.label": _("Village"),
    "village.hint": _(
        "Where you live now. Type a few letters of its name, then choose; the district may be "
        "added."
    ),
    "village.empty": _("Choose the village from the list"),
    "area.seeking": _("Searching…"),
    "area.found.one": _("One village found."),
    "area.found": _("{n} villages found. If yours is not among them, add the district or regency."),
    "area.none": _("No village found. Check the spelling, or type the district instead."),
    "area.unreachable": _(
        "There is no connection to search with. What you typed stays; type on when you have a "
        "signal."
    ),
    "where.label": _("Address"),
    "where.hint": _(
        "Street and number, RT and RW, hamlet, or a landmark, so that the officer finds you"
    ),
    "where.empty": _("Enter the address"),
    "contact.label": _("Phone number"),
    "contact.hint": _("So that the officer can call before coming"),
    # the reference number
    "left.title": _("We have received your details"),
    "left.number": _("Your reference number"),
    "left.keep": _("Keep the number: write it down or take a picture of this page."),
    "left.officer": _(
        "A census officer comes to your address after the online census closes on {moment}."
    ),
    "left.officer.later": _("A census officer comes to your address when the visits begin."),
    "left.show": _("Show the officer this number. You need not report again."),
    "left.now": _("Answer now, if you like"),
    "left.now.why": _(
        "You get a proof of completion at once. The officer then only verifies the answers."
    ),
    "left.answer": _("Answer now"),
    "left.on": _("Go on answering"),
    "left.done": _("Finish, and remove the details from this device"),
    "left.another": _("Report another family"),
    "returning.title": _("Go on with a reference number"),
    "returning.why": _("You got the number when you left the details of your family."),
    "returning.again": _(
        "It has been a while since you began. Enter the reference number once more; your answers "
        "are still on this device."
    ),
    "reference.label": _("Reference number"),
    "reference.hint": _("For example 7XK2-9QPM-4TDR-2"),
    "reference.empty": _("Enter your reference number"),
    # please visit us
    "visiting.title": _("Please visit us"),
    "visiting.why": _(
        "A census officer comes and fills in the answers with you. What you have filled in stays "
        "here, and you may still send it yourself."
    ),
    "visiting.go": _("Ask for a visit"),
    "reason.label": _("What keeps you from filling in?"),
    "reason.empty": _("Choose what keeps you from filling in"),
    "reason.no_signal": _("The signal is too weak"),
    "reason.no_device": _("I have no suitable phone or computer"),
    "reason.cannot_read": _("Reading or typing is hard for me"),
    "reason.no_documents": _("The documents are not at hand"),
    "reason.other": _("Something else"),
    "note.label": _("What the officer should know"),
    "note.hint": _("For example when somebody is at home"),
    "visited.title": _("You will be visited"),
    "visited.noted": _("We noted your wish on {moment}."),
    "visited.still": _("Until then you may still fill in and send the answers yourself."),
}
