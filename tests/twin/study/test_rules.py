"""Studies that stop by themselves: precise enough, one option left, or a budget spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from twin.decide.precision import Why
from twin.errors import ScenarioError
from twin.lang import same
from twin.recorder import Direction, Kpi, Part, Recorder
from twin.scenario.schema import PrecisionSection, SelectionSection, StudySection
from twin.streams import Streams
from twin.study.executors import InlineExecutor, ProcessExecutor
from twin.study.plan import Task
from twin.study.replicate import StudyResult, run_rounds
from twin.study.rules import Rules, Verdict
from twin.study.store import Store

TRUTH = {"a": 100.0, "b": 101.0, "c": 120.0}
KPIS = (
    Kpi("cost_eur", same("cost"), "€", Direction.MIN),
    Kpi("held", same("held"), "1", Direction.MAX),
    Kpi("sometimes", same("sometimes"), "1", may_be_missing=True),
)


@dataclass(frozen=True)
class MakeShop:
    """Makes work whose truth is known: common dice of deviation 10, an option's own of 1."""

    seed: int = 1

    def __call__(self) -> Callable[[Task], Part]:
        """Return the work."""
        return self.play

    def play(self, task: Task) -> Part:
        """Play one task."""
        dice = Streams(self.seed, task.replication)
        world = dice.generator("shop", "world").normal(scale=10.0)
        own = dice.generator("shop", "own", task.option).normal()
        recorder = Recorder(KPIS)
        recorder.kpi("cost_eur", TRUTH[task.option] + world + own)
        recorder.kpi("held", float(own > -1.0))
        if task.replication:
            recorder.kpi("sometimes", 1.0)
        return recorder.part()


def section(**told: Any) -> StudySection:
    """Return the study section of a shop."""
    usual = {"question": "?", "question_en": "?", "seed": 1, "replications": 20}
    return StudySection(start=date(2026, 1, 1), **(usual | told))


def rules(study: StudySection, **told: Any) -> Rules:
    """Return the rules of a shop's study."""
    return Rules(
        study=study,
        options=tuple(TRUTH),
        candidates=tuple(TRUTH),
        directions={kpi.name: kpi.direction for kpi in KPIS},
        **told,
    )


def run(folder: Path, asked: Rules, workers: int = 0) -> StudyResult[Verdict]:
    """Play a study by its rules."""
    store = Store(folder, "shop")
    executor = ProcessExecutor(workers) if workers else InlineExecutor()
    return run_rounds(asked.rounds(store.outcome), store, executor, MakeShop())


def verdict(result: StudyResult[Verdict]) -> Verdict:
    """Return the verdict of a study that ended well."""
    assert result.verdict is not None
    return result.verdict


def test_a_fixed_number_is_played_and_named(tmp_path: Path) -> None:
    """Without a rule each option meets the replications asked, or the quick ones."""
    result = run(tmp_path / "f", rules(section()))
    assert (verdict(result).stop.why, verdict(result).stop.replications) == (Why.FIXED, 20)
    assert len(result.finished) == 3 * 20
    target = PrecisionSection(kpi="cost_eur", relative=0.001)
    quick = run(tmp_path / "q", rules(section(precision=(target,), ceiling=90), quick=True))
    assert (verdict(quick).stop.why, len(quick.finished)) == (Why.FIXED, 3 * 4)


def test_a_study_stops_once_precise_for_every_option(tmp_path: Path) -> None:
    """At 2 % of the mean the half-widths hold for all options at the size where it stopped."""
    target = PrecisionSection(kpi="cost_eur", relative=0.02)
    stop = verdict(run(tmp_path, rules(section(precision=(target,), ceiling=400)))).stop
    assert stop.why is Why.REACHED
    assert [each.option for each in stop.reached] == list(TRUTH)
    assert all(each.holds and each.interval.n == stop.replications for each in stop.reached)
    assert 80 < stop.replications < 250  # (1.98 x 10/2)^2 = 98, confirmed at a fifth more


def test_the_ceiling_stops_what_cannot_be_precise(tmp_path: Path) -> None:
    """An absolute target out of reach is told as missed, at the ceiling."""
    target = PrecisionSection(kpi="cost_eur", absolute=0.5)
    rate = PrecisionSection(kpi="held", absolute=0.3, of="rate")
    asked = rules(section(precision=(target, rate), ceiling=33))
    stop = verdict(run(tmp_path, asked)).stop
    assert (stop.why, stop.replications) == (Why.CEILING, 33)
    assert {(each.target.kpi, each.holds) for each in stop.reached} == {
        ("cost_eur", False), ("held", True),
    }  # fmt: skip


def test_selection_plays_only_options_still_in_the_race(tmp_path: Path) -> None:
    """The dear option keeps its floor, the two close ones go on until one is left: the best."""
    chosen = SelectionSection(kpi="cost_eur", delta=0.3, first=10, step=5)
    result = verdict(run(tmp_path, rules(section(selection=chosen, ceiling=500)))).chosen
    assert result is not None
    assert result.is_decided
    assert result.survivors == ("a",)
    assert result.played["c"] == 20 < result.played["a"] == result.played["b"] < 200
    assert result.chance == 0.95


def test_selection_says_when_the_ceiling_came_first(tmp_path: Path) -> None:
    """Options closer than the dice can tell are both named, with no probability."""
    chosen = SelectionSection(kpi="cost_eur", delta=0.01, first=10)
    result = verdict(run(tmp_path, rules(section(selection=chosen, ceiling=25)))).chosen
    assert result is not None
    assert set(result.survivors) >= {"a"}
    assert (result.is_decided, result.chance, result.played["a"]) == (False, 0.0, 25)


def test_a_budget_goes_where_it_tells_options_apart(tmp_path: Path) -> None:
    """OCBA gives the dear option few of the runs and stops once sure enough, or spent."""
    chosen = SelectionSection(kpi="cost_eur", delta=0.5, first=10, procedure="ocba")
    result = verdict(run(tmp_path, rules(section(selection=chosen, ceiling=60)))).chosen
    assert result is not None
    assert result.survivors == ("a",)
    assert result.played["c"] < result.played["a"]
    assert sum(result.played.values()) <= 180


@pytest.mark.parametrize("workers", [1, 2])
def test_the_verdict_does_not_depend_on_workers_or_interruptions(
    tmp_path: Path, workers: int
) -> None:
    """On processes, and taken up from a shorter study, the same runs lead to the same verdict."""
    chosen = SelectionSection(kpi="cost_eur", delta=0.3, first=10)
    target = PrecisionSection(kpi="cost_eur", relative=0.04)
    asked = rules(section(selection=chosen, precision=(target,), ceiling=500))
    whole = run(tmp_path / "whole", asked)
    run(tmp_path / "part", rules(section(replications=7)))
    again = run(tmp_path / "part", asked, workers)
    assert again.verdict == whole.verdict
    assert again.finished == whole.finished
    assert again.resumed == 3 * 7


def test_an_outcome_with_holes_is_refused_by_name(tmp_path: Path) -> None:
    """A rule on an outcome that some replication lacks names it and the replication."""
    target = PrecisionSection(kpi="sometimes", absolute=1.0)
    with pytest.raises(ScenarioError, match=r"study\.precision; found 'sometimes'.*replication 0"):
        run(tmp_path, rules(section(precision=(target,), ceiling=90)))
