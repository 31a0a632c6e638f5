"""What exists in the outreach room; each module holds one idea."""

from cacah.outreach.models.delivered import Delivered
from cacah.outreach.models.invitations import Invitation, InvitationKind
from cacah.outreach.models.packs import SessionPack
from cacah.outreach.models.plan import (
    Activity,
    ActivityKind,
    Attendance,
    CancelReason,
    Destination,
    Proposal,
    Visit,
    VisitKind,
    VisitState,
)
from cacah.outreach.models.sessions import GuidedSession, Seat, SeatReason, SeatState
from cacah.outreach.models.souvenirs import (
    Handout,
    HandoutDouble,
    Item,
    MoveKind,
    Place,
    SouvenirRule,
    StockMove,
)
from cacah.outreach.models.teams import Membership, Team

__all__ = [
    "Activity",
    "ActivityKind",
    "Attendance",
    "CancelReason",
    "Delivered",
    "Destination",
    "GuidedSession",
    "Handout",
    "HandoutDouble",
    "Invitation",
    "InvitationKind",
    "Item",
    "Membership",
    "MoveKind",
    "Place",
    "Proposal",
    "Seat",
    "SeatReason",
    "SeatState",
    "SessionPack",
    "SouvenirRule",
    "StockMove",
    "Team",
    "Visit",
    "VisitKind",
    "VisitState",
]
