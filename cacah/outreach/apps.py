"""Registers the outreach room with Django."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "cacah.outreach"
    label = "outreach"

    def ready(self) -> None:
        from cacah.collection import delivered, guide
        from cacah.outreach.actions.delivered import take_seat_in, trace_delivery
        from cacah.outreach.hearing import hear
        from cacah.outreach.naming import NAMERS
        from cacah.outreach.verbs import WORDS
        from cacah.staff import naming
        from cacah.staff.verbs import tell

        tell(WORDS)
        naming.tell(NAMERS)
        guide.listen(hear)
        delivered.take_seats_with(take_seat_in)
        delivered.tell_of_deliveries(trace_delivery)
