"""What the desk says of a district, and which to search first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which figure raised an alarm.

    NIGHT: night flow has risen. BALANCE: inflow less customers' use has risen. STANDING: night flow
    is too high, whenever it rose. HAND: flow between hand readings has risen.
    """

    NIGHT = "night"
    BALANCE = "balance"
    STANDING = "standing"
    HAND = "hand"


@dataclass(frozen=True)
class Alarm:
    """One district to search.

    Attributes
    ----------
    district : str
    raised_s, since_s : float
        When the desk speaks; since when the level is too high, as far as it can tell.
    excess_m3h : float
        By how much.
    kind : Kind
    km : float
        Mains to walk, on average, until the leak is met: all of the district's, or fewer where
        pressures say where to begin.
    parts : tuple of int
        Parts of the district in the order to search them; empty: no idea.
    shares : tuple of float
        Probability of each of `parts`; they sum to 1.
    """

    district: str
    raised_s: float
    since_s: float
    excess_m3h: float
    kind: Kind
    km: float
    parts: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()


def priority(alarm: Alarm) -> float:
    """Return what a kilometre of search is expected to save, m3/h/km: the higher, the sooner."""
    return alarm.excess_m3h / alarm.km
