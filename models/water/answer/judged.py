"""One option as the replications judged it, and how far two options are apart on the same dice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from models.water.outcomes import ALL
from models.water.settings import Settings
from twin.decide.compare import compare_all
from twin.decide.intervals import Interval, mean_interval, outcome_interval
from twin.recorder import Direction
from twin.scenario import Option
from twin.study.store import Table

WITH_CUSTOMERS = "with_customers_eur"
"""What the service spends and what customers pay for leaks behind their meters, euros a year."""
LEVEL = 0.95
_DIRECTIONS = {kpi.name: kpi.direction for kpi in ALL} | {WITH_CUSTOMERS: Direction.MIN}
_FEWEST_PAIRS = 2

Series = Mapping[int, float]
"""Replication -> value."""


@dataclass(frozen=True)
class Judged:
    """One option: `series[kpi, zone]` is what each replication gave.

    Zone "" is the whole territory, a service's name that service, an INSEE code that commune.
    """

    option: Option
    series: Mapping[tuple[str, str], Series]

    @property
    def id(self) -> str:
        """Return the option's id."""
        return self.option.id

    @property
    def settings(self) -> Settings:
        """Return the option's [water] section."""
        settings = self.option.settings["water"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings

    @property
    def meters(self) -> int:
        """Return how many district meters the option asks for."""
        return self.settings.districts.meters

    def values(self, kpi: str, zone: str = "") -> NDArray[np.float64] | None:
        """Return the values by replication, None where nothing was recorded."""
        told = self.series.get((kpi, zone))
        return None if not told else np.array([told[each] for each in sorted(told)])

    def get(self, kpi: str, zone: str = "") -> Interval | None:
        """Return the mean and its 95% confidence interval, None where nothing was recorded."""
        values = self.values(kpi, zone)
        return None if values is None else mean_interval(values, LEVEL)

    def spread(self, kpi: str, zone: str = "") -> Interval | None:
        """Return the mean and where nine outcomes in ten fall, None where nothing was recorded."""
        values = self.values(kpi, zone)
        return None if values is None else outcome_interval(values)

    def mean(self, kpi: str, zone: str = "") -> float | None:
        """Return the mean, None where nothing was recorded."""
        told = self.get(kpi, zone)
        return None if told is None else told.mean


@dataclass(frozen=True)
class Gap:
    """How far an option is from another on the same dice: `difference` is one less the other.

    `settled` says whether the test tells the means apart; `share_better` the share of worlds in
    which the first is the better one.
    """

    difference: Interval
    settled: bool
    share_better: float

    @property
    def is_less(self) -> bool:
        """Whether the first is settled to be below the other."""
        return self.settled and self.difference.mean < 0.0


def judge(table: Table, option: Option) -> Judged:
    """Return an option's ordinary runs; pinned ones are left to the sensitivities."""
    rows = (table["option"] == option.id) & (table["pins"] == "[]")
    found: dict[tuple[str, str], dict[int, float]] = {}
    columns = (table[name][rows].tolist() for name in ("kpi", "zone", "replication", "value"))
    for kpi, zone, replication, value in zip(*columns, strict=True):
        if isfinite(value):
            found.setdefault((str(kpi), str(zone)), {})[int(replication)] = float(value)
    service, paid = found.get(("total_eur", ""), {}), found.get(("paid_eur", ""), {})
    both = {each: service[each] + paid[each] for each in service if each in paid}
    return Judged(option, found | ({(WITH_CUSTOMERS, ""): both} if both else {}))


def gaps(
    options: Mapping[str, Judged], against: Judged, kpi: str, zone: str = ""
) -> dict[str, Gap]:
    """Return, by option, how far it is from `against`; Holm's correction covers all of them.

    Only worlds in which both sides have a value count: some indicators have none in some worlds.
    Options with no such world are left out. With one nothing is settled.
    """
    base = against.series.get((kpi, zone), {})
    series = {
        name: told
        for name, each in options.items()
        if name != against.id and (told := each.series.get((kpi, zone))) and base.keys() & told
    }
    shared = set(base).intersection(*series.values()) if series else set()
    if len(shared) < _FEWEST_PAIRS:
        return {
            name: Gap(
                mean_interval([told[each] - base[each] for each in sorted(base.keys() & told)]),
                settled=False,
                share_better=nan,
            )
            for name, told in series.items()
        }
    kept = {name: {each: told[each] for each in shared} for name, told in series.items()}
    kept[against.id] = {each: base[each] for each in shared}
    compared = compare_all(kept, _DIRECTIONS[kpi], level=LEVEL, against=against.id)
    return {
        each.a: Gap(each.difference, each.is_settled(), each.share_a_better) for each in compared
    }


def gap(one: Judged, other: Judged, kpi: str, zone: str = "") -> Gap | None:
    """Return how far one option is from another, None where one of them lacks the indicator.

    No correction: settled where the interval leaves nought out.
    """
    return gaps({one.id: one}, other, kpi, zone).get(one.id)
