"""How a service reads, bills and mends: delays and shares, all assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.water.metering.daily_rule import DailyRule
from models.water.metering.hourly_rule import HourlyRule
from models.water.settings import Reading
from twin.units import DAY_S

TELEMETERED: tuple[Reading, ...] = ("daily", "hourly")
"""Readings that a link carries."""


@dataclass(frozen=True)
class Practice:
    """What a service does with what it reads; every figure is [U] unless said otherwise.

    Attributes
    ----------
    missed_on_foot, missed_by_car : float
        Share of the meters that a round misses.
    round_days : float
        A round passes each meter of a zone within so many days.
    told_days_on_foot, told_days_by_radio : float
        From an index to telling the customer that it is too high: with the printed bill, or from
        the list of a car's or a platform's indices.
    recent_days : int
        An index by radio at most so old stands for a reading; without one, somebody walks.
    silent_days, module_days : float
        A module is noticed after so many days of silence, and replaced so many days later.
    usual_days, usual_share : float
        Silence only stands out on a meter of which that share of frames came before, over so many
        days: the death of a module that is never heard is not seen.
    still_days, second_still_days : float
        An index that stands still so long is looked at; longer for second homes.
    meter_days : float
        From noticing a stopped meter to its replacement.
    daily_bytes, hourly_bytes : int
        Payloads: an index and its date; and 24 hourly steps of 12 bits more. Both fit the 51 bytes
        of the slowest data rate (LoRaWAN regional parameters, EU868) [V for the 51].
    hourly_frame_s : float
        Between two frames of an hourly meter; divides a day.
    jitter_s : float
        A device's clock wanders: without it two meters that collide would do so for ever.
    within_days : float
        An index at most so far from a quarter's end bills it.
    tail_days : float
        Leaks and stops that begin in the last days are not followed, an alert by radio taking some
        weeks; at most a quarter of the days that count.
    leaks_per_frame : float
        Leaks and stops are rare: those of so many times more meters than have their frames played
        are followed, each such meter sharing the luck of one whose frames are.
    beyond_days : int
        Rounds are prolonged so far before the start and after the end, at expected use.
    daily : DailyRule
        Asked of main homes: second homes wake up, farms drink as cattle do.
    hourly : HourlyRule
        Asked of all homes. It remembers 24 hours of the 6 that are new: a lost frame costs nothing
        unless four are lost in a row.
    """

    missed_on_foot: float = 0.05
    missed_by_car: float = 0.01
    round_days: float = 10.0
    told_days_on_foot: float = 30.0
    told_days_by_radio: float = 7.0
    recent_days: int = 7
    silent_days: float = 10.0
    module_days: float = 30.0
    usual_days: float = 30.0
    usual_share: float = 0.5
    still_days: float = 21.0
    second_still_days: float = 180.0
    meter_days: float = 30.0
    daily_bytes: int = 12
    hourly_bytes: int = 48
    hourly_frame_s: float = 21_600.0
    jitter_s: float = 300.0
    within_days: float = 2.0
    tail_days: float = 60.0
    leaks_per_frame: float = 10.0
    beyond_days: int = 760
    daily: DailyRule = field(default_factory=DailyRule)
    hourly: HourlyRule = field(default_factory=HourlyRule)

    def period_s(self, reading: Reading) -> float:
        """Return the time between two frames of a meter."""
        return self.hourly_frame_s if reading == "hourly" else DAY_S

    def payload_bytes(self, reading: Reading) -> int:
        """Return what one frame carries."""
        return self.hourly_bytes if reading == "hourly" else self.daily_bytes


@dataclass(frozen=True)
class Days:
    """The days of a run, from its start: some that settle, then those that count.

    Days before and after, `beyond` of them, are lived at expected use: readings on foot need them.
    What begins in the days that count but the last `tail` is followed to its end, wherever that is.
    """

    settling: int
    counted: int
    beyond: int
    tail: float

    @property
    def end(self) -> int:
        """The first day after the run."""
        return self.settling + self.counted

    @property
    def all(self) -> int:
        """Length of a series with what lies before and after."""
        return self.end + 2 * self.beyond

    @property
    def begin_s(self) -> float:
        """When counting begins."""
        return self.settling * DAY_S

    @property
    def end_s(self) -> float:
        """When it ends."""
        return self.end * DAY_S

    @property
    def a_year(self) -> float:
        """What brings a count of the days that count to a year of 365 days."""
        return 365.0 / self.counted

    @property
    def followed_a_year(self) -> float:
        """What brings a sum over what is followed to what begins in a year."""
        return 365.0 / (self.counted - self.tail)

    def counts(self, at_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which instants lie in the days that count; never for a NaN."""
        return np.asarray((at_s >= self.begin_s) & (at_s < self.end_s))

    def follows(self, begins_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of what begins then is followed."""
        return np.asarray((begins_s >= self.begin_s) & (begins_s < self.end_s - self.tail * DAY_S))


def days_of(settling: int, counted: int, practice: Practice) -> Days:
    """Return the days of a run."""
    return Days(settling, counted, practice.beyond_days, min(practice.tail_days, counted / 4.0))
