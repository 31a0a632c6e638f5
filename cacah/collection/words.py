"""Every word that the form says, by the key under which its script asks for it.

A key that ends in `.one` is taken where the text counts exactly one.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from cacah.collection.elsewhere_words import ELSEWHERE_WORDS
from cacah.collection.help_words import HELP_WORDS
from cacah.collection.more_words import MORE_WORDS
from cacah.collection.provisional_words import words_here
from cacah.collection.unlisted_words import UNLISTED_WORDS

WORDS: dict[str, str] = {
    # navigation
    "back": _("Back"),
    "undo": _("Undo"),
    "saved.yes": _("On this device, not sent yet"),
    "saved.shared": _("Not kept on this shared device. Stay on this page until it is sent."),
    "saved.no": _("This browser cannot keep your answers. Do not close this page before sending."),
    "renewed.look": _("The form has been renewed. Please look through your answers once more."),
    "renewed.reload": _("The form has been renewed. Reload this page; your answers stay."),
    "error.prefix": _("Error:"),
    "errors.missing.one": _("One thing still needs an answer"),
    "errors.missing": _("{n} things still need an answer"),
    "errors.wrong.one": _("One thing needs your attention"),
    "errors.wrong": _("{n} things need your attention"),
    "errors.both": _("{n} things need an answer or a correction"),
    "help.line": _("Help: {help}"),
    "help.open": _("Help with this page"),
    "field.optional": _("(may be left empty)"),
    "field.help": _("Explanation"),
    "select.empty": _("Choose"),
    "date.day": _("Day"),
    "date.month": _("Month"),
    "date.year": _("Year"),
    "date.unknown": _("({parts} not known)"),
    "decimal.sign": _("."),
    "list.hint": _("Type a few letters"),
    "list.absent": _("“{text}” is not on the list."),
    "list.several": _("Choose one from the list for “{text}”."),
    "list.other": _("Choose “{label}”"),
    "list.found.one": _("One choice found"),
    "list.found": _("{n} choices found"),
    "list.more": _("{n} more; type on to narrow the list"),
    "list.plain": _("Choose from the whole list instead"),
    "note.warning": _("Please check"),
    "note.rule": _("Needs to be put right"),
    "note.remark": _("If the answer is right, explain it here"),
    "note.explain": _("Change the answer, or explain why it is right"),
    # identification
    "identify.title": _("Find your family"),
    "identify.why": _(
        "Enter two numbers from your family card (KK). The NIK may be that of any "
        "member on the card."
    ),
    "identify.again": _(
        "It has been a while since you began. Enter the two numbers once more; your "
        "answers are still on this device."
    ),
    "identify.drafts": _(
        "This device holds answers that have not been sent yet. Enter NIK and family "
        "card number to go on with them."
    ),
    "identify.safe": _(
        "We use the two numbers only to find your family. We never ask for passwords, "
        "bank accounts, income, or your mother's maiden name."
    ),
    "identify.shared": _("Others use this device too (village office, kiosk): keep nothing on it"),
    "identify.alone": _(
        "Shared device: nothing is kept here. After 10 minutes without use the form starts over."
    ),
    "identify.go": _("Continue"),
    "identify.none": _("Family not found, or no NIK and family card?"),
    "identify.working": _("Checking…"),
    "identify.code": _("I have a continue code"),
    "nik.label": _("NIK"),
    "nik.hint": _("16 digits, on the identity card (KTP) or family card"),
    "nik.empty": _("Enter the NIK: 16 digits"),
    "nik.digits": _("Enter the NIK in digits only, without letters or signs"),
    "nik.length": _("A NIK has 16 digits; you entered {n}"),
    "nik.own": _("Use the NIK you typed at the start: {nik}"),
    "kk.label": _("Family card (KK) number"),
    "kk.hint": _("16 digits, at the top of the family card"),
    "kk.empty": _("Enter the family card number: 16 digits"),
    "kk.digits": _("Enter the family card number in digits only, without letters or signs"),
    "kk.length": _("A family card number has 16 digits; you entered {n}"),
    "problem.network": _(
        "There is no connection at the moment. What you typed is still here; try again "
        "when you have a signal."
    ),
    "problem.try-later": _(
        "The census cannot be reached at the moment. Please try again in a few minutes."
    ),
    "problem.slow-down.one": _("There were too many tries. Wait one minute, then try again."),
    "problem.slow-down": _("There were too many tries. Wait {n} minutes, then try again."),
    "problem.not-found": _("We do not find these two numbers together"),
    "problem.card-answer-differs": _("That differs from what the family card says"),
    "problem.unexpected": _(
        "Something went wrong on our side. Your answers are still on this device."
    ),
    "advice.slow-down": _(
        "Nothing is lost. Waiting keeps others from guessing the numbers of your family."
    ),
    "card.birth_date": _("What is the birth date of {name}?"),
    "card.birth_place": _("Where was {name} born?"),
    "card.hint": _("As on the family card"),
    "card.why": _(
        "With the right answer we fill in what the family card already says, and you "
        "type less. You may skip this question."
    ),
    "card.go": _("Continue"),
    "card.skip": _("Skip, I will fill in everything"),
    "card.empty": _("Answer the question, or skip it"),
    "card.retry": _("Check the answer, or skip the question and fill in everything yourself"),
    "card.left.one": _("You may try once more today."),
    "card.left": _("You may try {n} more times today."),
    "card.over": _(
        "The tries of today are used up; skip the question and fill in everything yourself"
    ),
    # answering
    "tasks.title": _("Your family's answers"),
    "tasks.done": _("{done} of {of} parts are complete"),
    "tasks.both": _("{done} of {of} parts and {here} of {all} members are complete"),
    "tasks.next": _("Go on: {name}"),
    "tasks.check": _("Check your answers"),
    "carry.title": _("Go on with another device"),
    "tasks.leave": _("Stop here"),
    "members": _("Family members"),
    "member.unnamed": _("New person"),
    "member.add": _("Add a person"),
    "member.remove": _("Remove"),
    "member.removed": _("{name} has been removed."),
    "section.loose": _("Other questions"),
    "state.todo": _("Not started"),
    "state.partial": _("Incomplete"),
    "state.wrong": _("Needs to be put right"),
    "state.done": _("Complete"),
    "progress.member": _("Member {number} of {of} · {name}"),
    "progress.section": _("Part {number} of {of} · {name}"),
    "page.continue": _("Continue"),
    "page.save": _("Save and check your answers"),
    "page.later": _("Leave it for later"),
    "leave.title": _("Stop for now"),
    "leave.kept": _(
        "Your answers stay on this device. Come back to this address and enter NIK and "
        "family card number to go on."
    ),
    "leave.shared": _(
        "If this device is not yours, remove the answers from it. They have not been "
        "sent yet and cannot be brought back."
    ),
    "leave.stay": _("Go on filling in"),
    "leave.away": _("To the start page; keep the answers here"),
    "leave.wipe": _("Remove from this device"),
    "leave.sure": _("Remove the answers from this device? They cannot be brought back."),
    "summary.title": _("Check your answers"),
    "summary.missing": _("Choose a line above to go straight to the question."),
    "summary.complete": _(
        "Everything is filled in. Open a part to read its answers once more before you send them."
    ),
    "summary.change": _("Change"),
    "summary.empty": _("Not answered"),
    "summary.unexplained": _("Not explained yet"),
    "summary.mend": _("Go to the first one"),
    "summary.onward": _("The answers are right"),
    # sending
    "receipt.label": _("Number of the proof of completion"),
    "receipt.hint": _("For example 7XK2-9QPM-4TDR-2"),
    "receipt.empty": _("Enter the number of your proof of completion"),
    "confirm.title": _("Send the answers of this family?"),
    "confirm.persons.one": _("One person will be counted in this family."),
    "confirm.persons": _("{n} people will be counted in this family."),
    "confirm.true": _("By sending you say that the answers are true as far as you know."),
    "confirm.after": _(
        "You get a proof of completion with a number. With that number you can correct "
        "the answers until the census closes."
    ),
    "confirm.send": _("Send the answers of this family"),
    "confirm.back": _("Back to the answers"),
    "sending.title": _("Waiting to be sent"),
    "sending.now": _("Sending…"),
    "sending.safe": _("Your answers are kept on this device until we have received them."),
    "sending.offline": _("There is no signal, so nothing could be sent yet."),
    "sending.busy": _("The census is very busy, so we could not receive your answers yet."),
    "sending.keep": _(
        "Your answers are safe on this device. We try again by ourselves in {n} "
        "seconds; you may also close this page and come back later."
    ),
    "sending.retry": _("Try again now"),
    "sending.other": _("Count another family"),
    "receipt.title": _("Received. Here is your proof"),
    "receipt.number": _("Number of your proof of completion"),
    "receipt.when": _("Received"),
    "receipt.persons": _("Counted"),
    "receipt.census": _("Census"),
    "persons.one": _("One person"),
    "persons": _("{n} people"),
    "receipt.next": _("What happens next"),
    "receipt.keep": _(
        "Keep the number: write it down, print this page or store the PDF. We do not "
        "send it by e-mail or SMS."
    ),
    "receipt.visit": _(
        "Your family is counted. If a census officer calls nevertheless, showing this "
        "number is enough."
    ),
    "receipt.checked": _("To be verified by a census officer"),
    "receipt.unverified": _(
        "A census officer comes to verify that your family is counted once. Show this number."
    ),
    "receipt.correct": _(
        "You can correct the answers until the census closes: choose “Begin” on the start "
        "page, enter your two numbers, then this one."
    ),
    "receipt.prove": _("Prove that you took part"),
    "receipt.scan": _(
        "Anyone may scan this code. It shows when and for how many people the answers "
        "came, never who you are."
    ),
    "receipt.qr": _("QR code with the address of the check page"),
    "receipt.pdf": _("Store as PDF"),
    "receipt.print": _("Print"),
    "receipt.check": _("See what others see when they check this proof"),
    "receipt.done": _("Finish, and clear this page"),
    "receipt.cleared": _("Your answers have been removed from this device."),
}


def more_texts() -> dict[str, str]:
    """Return the words of the form's second script in the language that is active."""
    every = MORE_WORDS | UNLISTED_WORDS | HELP_WORDS | ELSEWHERE_WORDS
    return {key: gettext(words) for key, words in every.items()}


def form_texts() -> dict[str, str]:
    """Return the words of the form in the language that is active."""
    return {key: gettext(words) for key, words in words_here(WORDS).items()}
