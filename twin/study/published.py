"""What every page ends with, whichever utility wrote it: how it stopped, who wins, what to check.

The utility tells its answer; the sections added here let a critic judge it: which rule ended the
study and how closely outcomes are known, how options compare in worlds nobody can choose, which
quote to ask for first, and what the code gives where the truth is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf

from twin.recorder import Kpi
from twin.report import document as page
from twin.report.document import Document, Section
from twin.report.tables import Table
from twin.study.choosing import choosing
from twin.study.conduct import Run
from twin.study.stopping import stopping
from twin.study.unsure import quotes
from twin.study.verified import annex, oracle_table, verified
from twin.world import compose

_BEFORE = ("confiance", "hypotheses", "fichiers")
"""Sections of a utility's page that the added ones come before, the first there is."""


@dataclass(frozen=True)
class Yardsticks:
    """What options are judged by, in the worlds that all of them met.

    Attributes
    ----------
    told : mapping KPI -> option -> replication -> value
    meets : mapping option -> tuple of bool
        Whether it met its requirements in each world; empty where no option has any.
    """

    kpis: tuple[Kpi, ...]
    told: Mapping[str, Mapping[str, Mapping[int, float]]]
    meets: Mapping[str, tuple[bool, ...]]


def publish(run: Run, document: Document) -> None:
    """Write `report.html`: the utility's page, the sections above added."""
    added, _ = _added(run)
    keys = [section.key for section in document.sections]
    place = next((keys.index(key) for key in _BEFORE if key in keys), len(keys))
    sections = (*document.sections[:place], *added, *document.sections[place:], annex(verified()))
    page.write(replace(document, sections=sections), run.folder / "report.html", run.lang)


def shared_tables(run: Run) -> tuple[Table, ...]:
    """Return the tables behind the sections added, to be written with the utility's own."""
    return (*_added(run)[1], oracle_table(verified()))


def _added(run: Run) -> tuple[tuple[Section, ...], tuple[Table, ...]]:
    yardsticks = _yardsticks(run)
    made = (stopping(run, yardsticks), choosing(run, yardsticks), quotes(run, yardsticks))
    kept = [each for each in made if each is not None]
    return tuple(section for section, _ in kept), tuple(table for _, table in kept)


def _yardsticks(run: Run) -> Yardsticks:
    """Return the yardsticks of the question that have a value in every ordinary run."""
    option = run.scenario.options[0].id
    models = compose(run.scenario, option)
    known = {kpi.name: kpi for model in models for kpi in model.kpis}
    told = {name: run.store.outcome(name, "") for model in models for name in model.yardsticks}
    whole = {name: each for name, each in told.items() if _is_whole(run, each)}
    return Yardsticks(tuple(known[name] for name in whole), whole, _meets(run))


def _meets(run: Run) -> dict[str, tuple[bool, ...]]:
    """Return in which worlds each option meets its requirements; an absent value does not."""
    found = {}
    for option in run.scenario.options:
        asked = [each for model in compose(run.scenario, option.id) for each in model.requirements]
        told = {each: run.store.outcome(each.kpi, "").get(option.id, {}) for each in asked}
        if asked:
            found[option.id] = tuple(
                all(told[each].get(replication, -inf) >= each.least for each in asked)
                for replication in range(run.replications)
            )
    return found


def _is_whole(run: Run, told: Mapping[str, Mapping[int, float]]) -> bool:
    """Tell whether every option has a finite value in every replication all were given."""
    return all(
        (value := told.get(option.id, {}).get(replication)) is not None and value - value == 0.0
        for option in run.scenario.options
        for replication in range(run.replications)
    )
