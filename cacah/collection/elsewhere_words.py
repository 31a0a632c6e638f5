"""The words about going on with another device, which belong to the form's second script."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

ELSEWHERE_WORDS: dict[str, str] = {
    # making and showing the code
    "carry.why": _(
        "We keep your unfinished answers for you, locked with a code that this device makes. "
        "Whoever has the code and the numbers of your family can go on; nobody else can read "
        "them, not even we."
    ),
    "carry.open": _("On the other device, open {address}"),
    "carry.choose": _("Choose “Begin”, then “I have a continue code”, and enter the code"),
    "carry.enter": _("Enter the same NIK and family card number as here"),
    "carry.limits": _(
        "The answers are kept for 14 days after the last change, and removed as soon as you have "
        "sent them."
    ),
    "carry.make": _("Make a continue code"),
    "carry.making": _("Locking the answers, this may take a few seconds…"),
    "carry.code": _("Your continue code"),
    "carry.keep": _(
        "Write it down or take a picture of it. Give it to nobody outside your family. We do not "
        "know the code and cannot tell it to you again."
    ),
    "carry.copy": _("Copy the code"),
    "carry.copied": _("The code has been copied."),
    "carry.selected": _("The code is marked; press it and choose “Copy”."),
    "carry.how": _("How to go on"),
    "carry.last": _("Last kept: {moment}"),
    "carry.end": _("Do you no longer need the code?"),
    "carry.ending": _("Your answers stay here. The code no longer opens anything."),
    "carry.stop": _("Remove what is kept under the code"),
    "carry.stopping": _("Removing…"),
    "carry.cannot": _(
        "This browser cannot lock the answers safely, so they stay on this device only."
    ),
    # entering it
    "code.title": _("Enter your continue code"),
    "code.why": _("It was shown on the device on which you began."),
    "code.label": _("Continue code"),
    "code.hint": _("For example 7XK2-9QPM-4TDR-2"),
    "code.wrong": _(
        "Compare the code with your note, sign by sign: 12 letters and digits, and one more"
    ),
    "code.next": _("Now enter the numbers of the family to which the code belongs."),
    "taking.title": _("Your answers from the other device"),
    "taking.now": _("Fetching your answers…"),
    "taking.failed": _("The answers could not be fetched"),
    "taking.other": _("Check the code"),
    "taking.without": _("Go on without the code"),
    # how it stands
    "elsewhere.saved": _("Kept under your continue code too"),
    "elsewhere.newer": _("Another device has newer answers"),
    "elsewhere.followed": _("The newest answers from your other device are here now."),
    "elsewhere.network": _("Not kept under the continue code yet: there is no signal"),
    "elsewhere.try-later": _("Not kept under the continue code yet: we try again"),
    "elsewhere.slow-down": _("Too many tries with wrong codes. Wait a minute, then try again."),
    "elsewhere.session-expired": _(
        "To use the continue code again, enter NIK and family card number once more"
    ),
    "elsewhere.session-invalid": _(
        "To use the continue code again, enter NIK and family card number once more"
    ),
    "elsewhere.too-large": _("There are too many answers to be kept under a continue code"),
    "elsewhere.draft-not-found": _(
        "There are no answers under this continue code: they have been removed, sent, or kept for "
        "14 days"
    ),
    "elsewhere.drafts-full": _("Your family has too many continue codes already. Use one of them."),
    "elsewhere.already-submitted": _("The answers of this family have been sent already"),
    "elsewhere.unreadable": _("What is kept under the continue code cannot be read here"),
    # two devices with different answers
    "newer.title": _("Another device has newer answers"),
    "newer.words": _(
        "Somebody has gone on there since. Compare both and choose what is right; nothing is "
        "replaced by itself."
    ),
    "newer.compare": _("Compare the answers"),
    "merge.title": _("Which answers are right?"),
    "merge.why": _(
        "This device and another one have different answers of your family. The other one kept "
        "its answers on {moment}."
    ),
    "merge.same": _("The same on both devices: {names}."),
    "merge.household": _("Questions about the family"),
    "merge.here": _("This device"),
    "merge.there": _("The other device"),
    "merge.mine": _("Take the answers of this device"),
    "merge.theirs": _("Take the answers of the other device"),
    "merge.only.here": _("Only this device has this person."),
    "merge.only.there": _("Only the other device has this person."),
    "merge.count": _("{name} belongs to the family"),
    "merge.drop": _("Leave {name} out"),
    "merge.advice.mine": _("Chosen for you: only this device has changed something here."),
    "merge.advice.theirs": _("Chosen for you: only the other device has changed something here."),
    "merge.choose": _("choose one of the two"),
    "merge.go": _("Go on with these answers"),
    "merge.whole": _("Or take one side whole"),
    "merge.whole.words": _("Everything of the other side is then left out."),
    "merge.all.mine": _("Everything from this device"),
    "merge.all.theirs": _("Everything from the other device"),
}
