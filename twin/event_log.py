"""What happened in one replication, for whoever wants to follow it: times, places, amounts.

Kept only when a single replication is played again; a study keeps none. Notes change nothing: the
same dice give the same numbers with and without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from twin.lang import Lang, Text


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    when : datetime
        Local time.
    where : str
        The asset or place, as its table names it.
    amounts : mapping name -> value
        Names carry their units (`fill_share`, `flow_m3h`).
    """

    when: datetime
    what: Text
    where: str
    amounts: dict[str, float]

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the event as a line."""
        told = [f"{name}={value:.6g}" for name, value in self.amounts.items()]
        stamp = self.when.strftime("%Y-%m-%d %H:%M:%S")
        return "  ".join(part for part in (stamp, self.what.say(lang), self.where, *told) if part)

    def as_json(self) -> dict[str, object]:
        """Return the event for programs."""
        return {
            "when": self.when.isoformat(),
            "what": {"fr": self.what.fr, "en": self.what.en},
            "where": self.where,
            **self.amounts,
        }


@dataclass
class EventLog:
    """The events of one replication, in the order they were noted."""

    events: list[Event] = field(default_factory=list)

    def note(self, when: datetime, what: Text, where: str = "", **amounts: float) -> None:
        """Add an event."""
        self.events.append(
            Event(when, what, where, {name: float(value) for name, value in amounts.items()})
        )

    def in_order(self) -> Iterator[Event]:
        """Yield the events by time; those of one instant as they were noted."""
        yield from sorted(self.events, key=lambda event: event.when)
