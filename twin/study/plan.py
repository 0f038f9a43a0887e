"""What a study plays: tasks, in an order that depends on the plan alone.

Replications come outermost. A study that stops early has therefore met every option with the same
dice, and the paired comparisons it allows are complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from twin.errors import Fault, ScenarioError
from twin.lang import Text

Pins = tuple[tuple[str, float], ...]
"""Uncertain inputs held at a quantile in [0, 1], sorted by name."""


@dataclass(frozen=True, order=True)
class Task:
    """One run: an option, a set of dice, and the uncertain inputs held still.

    `pins` names uncertain inputs and the quantile in [0, 1] each is held at; inputs not named are
    drawn as usual. Pins are kept sorted by name, so two tasks that mean the same run are equal.

    Raises
    ------
    ScenarioError
        A negative replication, a quantile outside [0, 1], or an input pinned twice.
    """

    option: str
    replication: int
    pins: Pins = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "pins", tuple(sorted((str(n), float(q)) for n, q in self.pins)))
        faults = list(_task_faults(self))
        if faults:
            raise ScenarioError(*faults)

    def __str__(self) -> str:
        """Return the key a person types: `option #17 [price=0.95]`."""
        held = ", ".join(f"{name}={quantile:g}" for name, quantile in self.pins)
        return f"{self.option} #{self.replication}" + (f" [{held}]" if held else "")


@dataclass(frozen=True)
class Failure:
    """A replication that gave no part: `error` in one line, and the traceback behind it."""

    task: Task
    error: str
    traceback: str


@dataclass(frozen=True)
class StudyPlan:
    """Options x replications, then the extra (pinned) tasks.

    Raises
    ------
    ScenarioError
        No option, an option named twice, fewer than one replication, or a task asked twice.
    """

    options: tuple[str, ...]
    replications: int
    extra: tuple[Task, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_plan_faults(self))
        if faults:
            raise ScenarioError(*faults)

    def __iter__(self) -> Iterator[Task]:
        """Yield every task: replication by replication, options in the scenario's order."""
        for replication in range(self.replications):
            for option in self.options:
                yield Task(option, replication)
        yield from self.extra

    def __len__(self) -> int:
        """Return the number of tasks."""
        return len(self.options) * self.replications + len(self.extra)

    def tasks(self) -> tuple[Task, ...]:
        """Return every task, in order."""
        return tuple(self)


def tornado_tasks(
    option: str,
    inputs: Sequence[str] | Mapping[str, tuple[float, float]],
    replications: int,
    *,
    low: float = 0.05,
    high: float = 0.95,
) -> tuple[Task, ...]:
    """Return the pinned tasks of a tornado: each input low then high, on the same dice as the base.

    `inputs` may map each name to its own pair of quantiles (`Prior.tornado_quantiles`); a bare
    name takes `low` and `high`. The base runs, `Task(option, r)` for r < `replications`, belong
    to the plan itself.
    """
    ends = inputs if isinstance(inputs, Mapping) else dict.fromkeys(inputs, (low, high))
    return tuple(
        Task(option, replication, ((name, quantile),))
        for replication in range(replications)
        for name, quantiles in ends.items()
        for quantile in quantiles
    )


def _task_faults(task: Task) -> Iterator[Fault]:
    if task.replication < 0:
        yield Fault(
            key="replication",
            value=str(task.replication),
            expected=Text("un entier positif ou nul", "an integer, zero or more"),
            remedy=Text("numéroter à partir de 0", "number from 0"),
        )
    for name, quantile in task.pins:
        if not 0.0 <= quantile <= 1.0:
            yield Fault(
                key=f"pins.{name}",
                value=str(quantile),
                expected=Text("un quantile entre 0 et 1", "a quantile between 0 and 1"),
                remedy=Text("écrire 0.95 pour 95 %", "write 0.95 for 95 %"),
            )
    for (name, _), (other, _) in pairwise(task.pins):
        if name == other:
            yield Fault(
                key=f"pins.{name}",
                expected=Text("une seule valeur par entrée", "one value per input"),
                remedy=Text("retirer le doublon", "remove the duplicate"),
            )


def _plan_faults(plan: StudyPlan) -> Iterator[Fault]:
    if not plan.options:
        yield Fault(
            key="option",
            expected=Text("au moins une option", "at least one option"),
            remedy=Text("ajouter une table [[option]]", "add an [[option]] table"),
        )
    for name in sorted({name for name in plan.options if plan.options.count(name) > 1}):
        yield Fault(
            key="option.name",
            value=name,
            expected=Text("un nom différent par option", "a different name for each option"),
            remedy=Text("renommer l'une des deux", "rename one of the two"),
        )
    if plan.replications < 1:
        yield Fault(
            key="study.replications",
            value=str(plan.replications),
            expected=Text("un entier d'au moins 1", "an integer of at least 1"),
            remedy=Text("30 convient à une première étude", "30 suits a first study"),
        )
    known = set(plan.options)
    seen: set[Task] = set()
    for task in plan.extra:
        unpinned = task.option in known and not task.pins and task.replication < plan.replications
        if unpinned or task in seen:
            yield Fault(
                key="study.extra",
                value=str(task),
                expected=Text("chaque tâche une seule fois", "each task once"),
                remedy=Text("retirer le doublon", "remove the duplicate"),
            )
        seen.add(task)
