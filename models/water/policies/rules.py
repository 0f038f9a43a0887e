"""What a leak desk goes by: hours, thresholds, rules of its watches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from models.water.policies.hand_readings import HAND_RULE
from models.water.policies.refuse import refuse
from models.water.policies.watch import WatchRule

DAY_S = 86_400.0

Statistic = Literal["window", "minimum"]
"""Mean flow of the night window, or its least rolling hour."""

NIGHT_RULE = WatchRule(floor=0.02)
"""The floor is what an index of 0.1 m3 scatters over two hours: 0.1 sqrt(1/6) / 2 [D]."""

BALANCE_RULE = WatchRule(floor=0.002)
"""The same over a day, rounded up."""


@dataclass(frozen=True)
class DeskRules:
    """Settings of a leak desk.

    Attributes
    ----------
    night_from_h, night_to_h : float
        The night window, hours after midnight [V: 02-04].
    statistic : "window" or "minimum"
    valid_share : float
        Share of the night that must be known, in (0, 1]; below it the night is undefined.
    economic_m3h : float
        Night leakage above background from which a search pays, whether or not it is new;
        infinite: nobody looks at standing leaks [U].
    fewest_completeness : float
        Least share of a district's customers' meters read for a balance to count [U].
    balance_over : "day" or "night"
        What is balanced: inflow and consumption of the day, or of the night window.
    night, balance, hand : WatchRule
    step_s : float
        From one logged index to the next; divides an hour.
    history : int
        Indices a frame carries, the newest included.
    closes_s : float
        When the desk speaks, seconds after midnight.

    Raises
    ------
    ValueError
        With every fault.
    """

    night_from_h: float = 2.0
    night_to_h: float = 4.0
    statistic: Statistic = "window"
    valid_share: float = 1.0
    economic_m3h: float = 1.0
    fewest_completeness: float = 0.9
    balance_over: Literal["day", "night"] = "day"
    night: WatchRule = field(default=NIGHT_RULE)
    balance: WatchRule = field(default=BALANCE_RULE)
    hand: WatchRule = field(default=HAND_RULE)
    step_s: float = 3600.0
    history: int = 1
    closes_s: float = 7.0 * 3600.0

    def __post_init__(self) -> None:
        steps = 3600.0 / self.step_s if self.step_s > 0.0 else 0.0
        ends = (self.night_from_h * steps, self.night_to_h * steps)
        checks = (
            ("step_s", self.step_s, steps >= 1.0 and steps == round(steps), "3600 / n"),
            (
                "night_to_h",
                self.night_to_h,
                0.0 <= self.night_from_h <= self.night_to_h - 1.0
                and 3600.0 * self.night_to_h <= self.closes_s,
                "night_from_h + 1 … closes_s",
            ),
            (
                "night_from_h",
                self.night_from_h,
                all(end == round(end) for end in ends),
                "n x step_s",
            ),
            ("valid_share", self.valid_share, 0.0 < self.valid_share <= 1.0, "]0, 1]"),
            ("history", self.history, self.history >= 1, ">= 1"),
            ("statistic", self.statistic, self.statistic in get_args(Statistic), "window, minimum"),
            (
                "balance_over",
                self.balance_over,
                self.balance_over in ("day", "night"),
                "day, night",
            ),
            (
                "fewest_completeness",
                self.fewest_completeness,
                0.0 < self.fewest_completeness <= 1.0,
                "]0, 1]",
            ),
            ("closes_s", self.closes_s, 0.0 <= self.closes_s < DAY_S, "[0, 86400["),
        )
        refuse(checks)
