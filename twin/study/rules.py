"""How far a study is played: rounds of tasks until what was asked is known, then the verdict.

First every option meets the same replications, up to the fixed number or until each declared
outcome is precise enough. Then, where a choice is asked, the options that may answer go on until
one is told to be the best, or until the ceiling. Every decision rests on values alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from twin.decide.allocate import chance_right, ocba_next
from twin.decide.precision import Of, Reached, Stop, Target, look, precise
from twin.decide.select import kim_nelson
from twin.errors import Fault, ScenarioError
from twin.lang import Text
from twin.recorder import Direction
from twin.scenario.schema import PrecisionSection, SelectionSection, StudySection
from twin.study.plan import Task
from twin.study.replicate import Rounds

Values = Mapping[int, float]
"""Replication -> value."""

Read = Callable[[str, str], Mapping[str, Values]]
"""Gives, for a KPI and a zone, option -> replication -> value of the ordinary runs."""


@dataclass(frozen=True)
class Chosen:
    """What a selection came to.

    Attributes
    ----------
    survivors : tuple of str
        Options not told to be worse; one alone is the choice.
    played : mapping option -> int
        Replications each option that may answer was given.
    chance : float
        Least probability that the choice is right, or within `delta` of it: 1 - alpha for a
        decided Kim-Nelson; for OCBA an approximate bound (Chen et al. 2000).
    """

    section: SelectionSection
    survivors: tuple[str, ...]
    played: Mapping[str, int]
    chance: float

    @property
    def is_decided(self) -> bool:
        """Tell whether one option is left."""
        return len(self.survivors) == 1


@dataclass(frozen=True)
class Verdict:
    """Where a study stopped and why, and what it chose."""

    stop: Stop
    chosen: Chosen | None = None


@dataclass(frozen=True)
class Rules:
    """What a study asks for.

    Attributes
    ----------
    options : tuple of str
        All of them, in the scenario's order.
    candidates : tuple of str
        Those that may answer.
    directions : mapping KPI -> Direction
    extra : tuple of Task
        Sensitivity runs, played in the first round.
    """

    study: StudySection
    options: tuple[str, ...]
    candidates: tuple[str, ...]
    directions: Mapping[str, Direction]
    extra: tuple[Task, ...] = ()
    quick: bool = False

    def rounds(self, read: Read) -> Rounds[Verdict]:
        """Yield the tasks of each round; return the verdict."""
        stop = yield from self._until_precise(read)
        section = self.study.selection
        if section is None or self.quick:
            return Verdict(stop)
        choose = self._by_budget if section.procedure == "ocba" else self._by_elimination
        return Verdict(stop, (yield from choose(section, stop.replications, read)))

    def _until_precise(self, read: Read) -> Rounds[Stop]:
        study = self.study
        floor = study.quick_replications if self.quick else study.replications
        targets = () if self.quick else tuple(map(target_of, study.precision))

        def look_at(n: int) -> tuple[Reached, ...]:
            return look(targets, _told(targets, self.options, n, read))

        sizes = precise(look_at, floor, study.ceiling or floor)
        while True:
            try:
                size = next(sizes)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            yield (*_grid(self.options, size), *self.extra)

    def _by_elimination(self, section: SelectionSection, begun: int, read: Read) -> Rounds[Chosen]:
        """Play the survivors of Kim and Nelson's procedure further, a few replications a round."""
        ceiling, have = self.study.ceiling or begun, dict.fromkeys(self.candidates, begun)
        while True:
            found = kim_nelson(
                _series(read(section.kpi, section.zone), have, section),
                delta=section.delta,
                alpha=section.alpha,
                first=section.first,
                direction=self.directions[section.kpi],
            )
            at_ceiling = all(have[name] >= ceiling for name in found.survivors)
            if found.is_decided or at_ceiling:
                sure = 1.0 - section.alpha if found.is_decided else 0.0
                return Chosen(section, found.survivors, have, sure)
            more = min(section.step, ceiling - have[found.survivors[0]])
            have |= {name: have[name] + more for name in found.survivors}
            yield tuple(task for name in found.survivors for task in _grid((name,), have[name]))

    def _by_budget(self, section: SelectionSection, begun: int, read: Read) -> Rounds[Chosen]:
        """Give the runs that the ceiling would allow to the options they help most to tell apart.

        Stops early once the approximate probability of a right choice reaches 1 - alpha.
        """
        have = dict.fromkeys(self.candidates, begun)
        budget = (self.study.ceiling or begun) * len(self.candidates)
        direction = self.directions[section.kpi]
        while True:
            series = _series(read(section.kpi, section.zone), have, section)
            sure = chance_right(series, direction, slack=section.delta)
            left = budget - sum(have.values())
            if sure >= 1.0 - section.alpha or left <= 0:
                return Chosen(section, (_best(series, direction),), have, sure)
            step = min(section.step * len(self.candidates), left)
            more = ocba_next(series, step, direction)
            have = {name: have[name] + more[name] for name in have}
            yield tuple(task for name in have for task in _grid((name,), have[name]))


def target_of(section: PrecisionSection) -> Target:
    """Return the target a section asks for."""
    relative = section.relative is not None
    width = section.relative if relative else section.absolute
    return Target(
        kpi=section.kpi,
        half_width=float(width or 0.0),
        relative=relative,
        zone=section.zone,
        of=Of(section.of),
        share=section.share,
        level=section.level,
    )


def _grid(options: Sequence[str], replications: int) -> tuple[Task, ...]:
    """Return the ordinary tasks: replication by replication, options in order."""
    return tuple(Task(option, r) for r in range(replications) for option in options)


def _told(
    targets: Sequence[Target], options: Sequence[str], n: int, read: Read
) -> dict[tuple[str, str, str], list[float]]:
    """Return the first `n` values of each outcome asked, by option, KPI and zone."""
    told = {}
    for kpi, zone in dict.fromkeys((target.kpi, target.zone) for target in targets):
        known = read(kpi, zone)
        for option in options:
            told[option, kpi, zone] = _first(known, option, n, kpi, zone, "study.precision")
    return told


def _series(
    known: Mapping[str, Values], have: Mapping[str, int], section: SelectionSection
) -> dict[str, list[float]]:
    return {
        name: _first(known, name, n, section.kpi, section.zone, "study.selection")
        for name, n in have.items()
    }


def _first(
    known: Mapping[str, Values], option: str, n: int, kpi: str, zone: str, key: str
) -> list[float]:
    """Return an option's first `n` values, or say which replication has none."""
    values = known.get(option, {})
    holes = [r for r in range(n) if r not in values or values[r] != values[r]]
    if holes:
        where = f"{kpi}, zone '{zone}'" if zone else kpi
        raise ScenarioError(
            Fault(
                Text(
                    "un indicateur qui a une valeur dans chaque réplication",
                    "an outcome that has a value in every replication",
                ),
                Text(
                    f"en choisir un autre ({option} n'en a pas dans la réplication {holes[0]})",
                    f"choose another ({option} has none in replication {holes[0]})",
                ),
                key=key,
                value=where,
            )
        )
    return [values[r] for r in range(n)]


def _best(series: Mapping[str, Sequence[float]], direction: Direction) -> str:
    sign = 1.0 if direction is Direction.MAX else -1.0
    return max(series, key=lambda name: sign * sum(series[name]) / len(series[name]))
