"""What this room writes into the audit trail, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "outreach.team_added": _("added a team"),
    "outreach.team_changed": _("changed a team"),
    "outreach.team_closed": _("closed a team"),
    "outreach.member_added": _("made somebody a member of a team"),
    "outreach.member_removed": _("ended somebody's membership in a team"),
    "outreach.feed_renewed": _("made a new calendar address"),
    "outreach.destination_changed": _("changed what a team needs to know of a place"),
    "outreach.visits_wanted": _("added institutions to be visited"),
    "outreach.visit_added": _("added an event or a village"),
    "outreach.visit_moved": _("moved a visit"),
    "outreach.visit_locked": _("marked a visit as agreed"),
    "outreach.visit_unlocked": _("unlocked a visit"),
    "outreach.visit_cancelled": _("cancelled a visit"),
    "outreach.visit_reinstated": _("undid a visit's cancellation"),
    "outreach.visit_followed_up": _("booked a follow-up visit"),
    "outreach.visit_planned": _("set a visit back to planned"),
    "outreach.visit_under_way": _("began a visit"),
    "outreach.visit_done": _("finished a visit"),
    "outreach.visit_cost_noted": _("noted what a visit has cost"),
    "outreach.week_proposed": _("had a week planned"),
    "outreach.meeting_added": _("added a meeting"),
    "outreach.meeting_changed": _("changed a meeting"),
    "outreach.meeting_cancelled": _("cancelled a meeting"),
    "outreach.attendance_noted": _("noted who came to a meeting"),
    "outreach.place_added": _("added a place for souvenirs"),
    "outreach.place_closed": _("closed a place for souvenirs"),
    "outreach.stock_received": _("took souvenirs in"),
    "outreach.stock_transfer": _("passed souvenirs on to another place"),
    "outreach.stock_counted": _("counted souvenirs"),
    "outreach.souvenir_rule_set": _("said who gets a souvenir at an event"),
    "outreach.invitation_made": _("made an institution's invitation"),
    "outreach.invitations_made": _("made invitations for people on a roster"),
    "outreach.invitations_read": _("looked at people's invitations"),
    "outreach.session_opened": _("opened a guided session"),
    "outreach.session_closed": _("ended a guided session"),
}
