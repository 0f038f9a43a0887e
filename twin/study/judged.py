"""Options as the replications judged them, and how far two of them are apart on the same dice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from twin.decide.compare import compare_all
from twin.decide.intervals import Interval, mean_interval, outcome_interval
from twin.decide.sensitivity import TornadoRow, tornado
from twin.recorder import WHOLE_TERRITORY, Direction
from twin.scenario import Option, Scenario
from twin.study.conduct import Run
from twin.study.duck import Table

LEVEL = 0.95
_FEWEST_PAIRS = 2

Series = Mapping[int, float]
"""Replication -> value."""


@dataclass(frozen=True)
class Judged:
    """One option: `series[kpi, zone]` is what each replication gave.

    A utility says what its zones are, reads its settings from `option`, and gives in `directions`
    which way each of its KPIs is better.
    """

    option: Option
    series: Mapping[tuple[str, str], Series]

    directions: ClassVar[Mapping[str, Direction]] = {}

    @property
    def id(self) -> str:
        """Return the option's id."""
        return self.option.id

    def values(self, kpi: str, zone: str = WHOLE_TERRITORY) -> NDArray[np.float64] | None:
        """Return the values by replication, shape (n,); None where nothing was recorded."""
        told = self.series.get((kpi, zone))
        return None if not told else np.array([told[each] for each in sorted(told)])

    def get(self, kpi: str, zone: str = WHOLE_TERRITORY) -> Interval | None:
        """Return the mean and its 95% confidence interval, None where nothing was recorded."""
        values = self.values(kpi, zone)
        return None if values is None else mean_interval(values, LEVEL)

    def spread(self, kpi: str, zone: str = WHOLE_TERRITORY) -> Interval | None:
        """Return the mean and where nine outcomes in ten fall, None where nothing was recorded."""
        values = self.values(kpi, zone)
        return None if values is None else outcome_interval(values)

    def mean(self, kpi: str, zone: str = WHOLE_TERRITORY) -> float | None:
        """Return the mean, None where nothing was recorded."""
        told = self.get(kpi, zone)
        return None if told is None else told.mean


J = TypeVar("J", bound=Judged)


@dataclass(frozen=True)
class Gap:
    """How far an option is from another on the same dice: `difference` is one less the other.

    `settled` says whether the test tells the means apart; `share_better` the share of worlds in
    which the first is the better one, NaN where no way is better or where nothing is tested.
    """

    difference: Interval
    settled: bool
    share_better: float

    @property
    def is_more(self) -> bool:
        """Whether the first is settled to be above the other."""
        return self.settled and self.difference.mean > 0.0

    @property
    def is_less(self) -> bool:
        """Whether the first is settled to be below the other."""
        return self.settled and self.difference.mean < 0.0


def series_of(table: Table, option: Option) -> dict[tuple[str, str], dict[int, float]]:
    """Return an option's ordinary runs by KPI and zone; pinned ones are left to sensitivities.

    Missing values (NaN) are left out.
    """
    rows = (table["option"] == option.id) & (table["pins"] == "[]")
    found: dict[tuple[str, str], dict[int, float]] = {}
    columns = (table[name][rows].tolist() for name in ("kpi", "zone", "replication", "value"))
    for kpi, zone, replication, value in zip(*columns, strict=True):
        if isfinite(value):
            found.setdefault((str(kpi), str(zone)), {})[int(replication)] = float(value)
    return found


def gaps(
    options: Mapping[str, Judged], against: Judged, kpi: str, zone: str = WHOLE_TERRITORY
) -> dict[str, Gap]:
    """Return, by option, how far it is from `against`; Holm's correction covers all of them.

    Only worlds in which both sides have a value count: some indicators have none in some worlds.
    Options with no such world are left out. With one nothing is settled.

    Raises
    ------
    KeyError
        `against.directions` does not know the KPI.
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
    compared = compare_all(kept, against.directions[kpi], level=LEVEL, against=against.id)
    return {
        each.a: Gap(each.difference, each.is_settled(), each.share_a_better) for each in compared
    }


def gap(one: Judged, other: Judged, kpi: str, zone: str = WHOLE_TERRITORY) -> Gap | None:
    """Return how far one option is from another, None where one of them lacks the indicator.

    No correction: settled where the interval leaves nought out.
    """
    return gaps({one.id: one}, other, kpi, zone).get(one.id)


@dataclass(frozen=True)
class Findings(Generic[J]):
    """What a study's store says in numbers; a utility adds what it concludes from them.

    `tornado` is empty where no sensitivity was played.
    """

    run: Run
    options: Mapping[str, J]
    tornado: tuple[TornadoRow, ...]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        return self.run.scenario

    @property
    def n(self) -> int:
        """Return the number of worlds."""
        return self.run.replications

    @property
    def prechosen(self) -> J:
        """Return the option that the most expected world pointed to before the study."""
        return self.options[self.run.recommended]


F = TypeVar("F")


def gather(
    kind: Callable[[Run, Mapping[str, J], tuple[TornadoRow, ...]], F],
    run: Run,
    judge: Callable[[Table, Option], J],
    kpi: str,
) -> F:
    """Return the findings of a finished run; `kpi` is what its sensitivities are told of."""
    table = run.table
    options = {option.id: judge(table, option) for option in run.scenario.options}
    rows = tornado(table, run.recommended, kpi) if run.tornado_replications else ()
    return kind(run, options, rows)
