"""What people who are left weigh: how long a visit takes, and what it costs to leave it out."""

from __future__ import annotations

# A visit begins with three quarters of an hour, and each person adds half a minute: people fill in
# beside each other. It is told in quarters of an hour.
LEAST_MINUTES, MOST_MINUTES, QUARTER = 45, 180, 15
# What leaving a visit out costs, in minutes of travel: going there at all, and each person left.
PER_VISIT, PER_PERSON = 600, 5
# By a destination's priority, from 0 (if there is time) to 3 (before all others).
PRIORITIES = (0.25, 1, 3, 10)


def usual_minutes(left: int) -> int:
    """Return how long a visit takes where so many people are left."""
    minutes = min(MOST_MINUTES, LEAST_MINUTES + left // 2)
    return -(-minutes // QUARTER) * QUARTER


def weight(left: int, priority: int) -> int:
    """Return what it costs to leave a visit to so many people out, in minutes of travel."""
    return int((PER_VISIT + PER_PERSON * left) * PRIORITIES[priority])
