"""The life of a case as a table: which verb leads from which state to which."""

from __future__ import annotations

from dataclasses import dataclass

from cacah.registry.models import State


@dataclass(frozen=True, slots=True)
class Transition:
    """In any of `sources`, `verb` may happen and leaves the case in `target`."""

    verb: str
    sources: tuple[State, ...]
    target: State


# What an officer found; the family's own answer still outweighs each of them.
OUTCOMES = (
    State.NOT_HOME,
    State.REFUSED,
    State.MOVED,
    State.VACANT,
    State.NOT_FOUND,
    State.DUPLICATE,
    State.OUTSIDE,
)
UNANSWERED = (State.EXPECTED, State.OPENED, *OUTCOMES, State.VERIFIED)

TRANSITIONS = (
    Transition("open", (State.EXPECTED,), State.OPENED),
    Transition("submit", UNANSWERED, State.SUBMITTED),
    Transition("reopen", (State.SUBMITTED,), State.REOPENED),
    Transition("resubmit", (State.REOPENED,), State.SUBMITTED),
    *(
        Transition(f"record {outcome.value}", (State.EXPECTED, State.OPENED, *OUTCOMES), outcome)
        for outcome in OUTCOMES
    ),
    # An unlisted family may answer at once; its answers wait for the officer beside the others.
    Transition("answer unlisted", (State.UNLISTED,), State.UNLISTED),
    Transition("verify", (State.UNLISTED,), State.VERIFIED),
    Transition("confirm", (State.UNLISTED,), State.SUBMITTED),
)
ANSWERED = (State.SUBMITTED, State.REOPENED)


def sources(verb: str) -> list[str]:
    """Return the states in which `verb` may happen; raises KeyError for an unknown verb."""
    return _sources[verb]


def target(verb: str) -> str:
    """Return the state to which `verb` leads; raises KeyError for an unknown verb."""
    return _targets[verb]


def diagram() -> str:
    """Return the table as a Mermaid state diagram, the one in docs/cases.md."""
    lines = ["stateDiagram-v2", "    [*] --> expected", "    [*] --> unlisted"]
    for transition in TRANSITIONS:
        for source in transition.sources:
            # An outcome recorded once more is no move worth an arrow; a state's only verb is.
            if source != transition.target or transition.sources == (source,):
                lines.append(f"    {source.value} --> {transition.target.value}: {transition.verb}")
    return "\n".join(lines) + "\n"


_sources = {t.verb: [state.value for state in t.sources] for t in TRANSITIONS}
_targets = {t.verb: t.target.value for t in TRANSITIONS}
