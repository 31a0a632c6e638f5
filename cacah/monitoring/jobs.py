"""What monitoring does behind the pages: it folds every three seconds."""

from __future__ import annotations

from procrastinate.contrib.django import app

from cacah.monitoring import actions
from cacah.staff.work.queries import STEADY


@app.periodic(cron="* * * * * */3")
@app.task(name="monitoring.fold", queue=STEADY, queueing_lock="monitoring.fold")
def fold(timestamp: int) -> None:
    """Fold the changes of progress."""
    actions.fold_all()
