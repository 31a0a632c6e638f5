"""What monitoring does behind the pages: it folds every second, and samples every minute."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from cacah.institutions.actions.matching import rematch as rematch_rosters
from cacah.monitoring import actions
from cacah.staff.work.queries import LONG, STEADY


@app.periodic(cron="* * * * * *")
@app.task(name="monitoring.fold", queue=STEADY, queueing_lock="monitoring.fold")
def fold(timestamp: int) -> None:
    """Fold the changes of progress."""
    actions.fold_all()


@app.periodic(cron="* * * * *")
@app.task(name="monitoring.sample", queue=STEADY, queueing_lock="monitoring.sample")
def sample(timestamp: int) -> None:
    """Note how far each province and regency is, for the walls."""
    actions.sample(at=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="monitoring.rematch", queue=LONG, queueing_lock="monitoring.rematch")
def rematch() -> None:
    """Look for the people on rosters in the new register."""
    rematch_rosters()
