"""The words of the form's second script, which most families never load (see words.py)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

MORE_WORDS: dict[str, str] = {
    # a shared device
    "shared.idle": _("Are you still there?"),
    "shared.soon": _("Soon the form starts over, and what was filled in is removed."),
    "shared.seconds.one": _("one second"),
    "shared.seconds": _("{n} seconds"),
    "shared.stay": _("Go on filling in"),
    # a place in a guided session
    "seat.title": _("Your place in this session"),
    "seat.number": _("You are number {n} in this session. The guide never sees your answers."),
    "seat.call": _("Call the guide"),
    "seat.called": _("The guide has been told. Somebody will come to you."),
    # ends, and ways round them
    "identify.reopen": _(
        "To correct answers that were sent, enter the two numbers and the number of "
        "your proof of completion."
    ),
    "identify.proving": _("Checking, this may take half a minute on an older phone…"),
    "already.title": _("This family has already answered"),
    "already.when.one": _("We received answers for one person on {moment}."),
    "already.when": _("We received answers for {n} people on {moment}."),
    "already.next": _(
        "You need not do anything.\nTo correct the answers, you need the number of the "
        "proof of completion, from the member of your family who sent them."
    ),
    "already.own": _(
        "Perhaps they came from this device, before the connection broke, or from "
        "another member of the family. What you filled in here is still kept on this "
        "device."
    ),
    "already.reopen": _("Correct the answers with the number"),
    "already.check": _("Check a proof of completion"),
    "early.title": _("The census is not open yet"),
    "early.words": _("You can fill in from {moment}.\nHave your family card ready until then."),
    "closed.title": _("The online census is closed"),
    "closed.words": _(
        "It closed on {moment}.\nFamilies that have not answered are visited by a census"
        " officer. You need not do anything."
    ),
    "changed.title": _("The form has been renewed"),
    "changed.words": _("Open the new form to send your answers. What you filled in stays."),
    "changed.go": _("Open the new form"),
    # the waiting room
    "waiting.title": _("Many families are filling in just now"),
    "waiting.position": _("You are number {n} in line"),
    "waiting.next": _("You are next"),
    "waiting.soon": _("It will take less than a minute."),
    "waiting.minutes": _("It will take about {n} minutes."),
    "waiting.minutes.one": _("It will take about one minute."),
    "waiting.hours": _("It will take about {n} hours."),
    "waiting.offline": _("There is no connection at the moment. Your place is kept."),
    "waiting.words": _(
        "Keep this page open: it goes on by itself when it is your turn. You need not "
        "reload it.\nWhoever came first goes first. If this page is closed, enter the two "
        "numbers again here; your place is kept for a while."
    ),
}
