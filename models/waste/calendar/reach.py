"""Which waits a calendar can promise: the longest at the risk, and the shortest there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.waste.calendar.demand import full_by_day, longest_wait_days
from models.waste.calendar.inputs import CalendarInputs, Floats, Ints
from models.waste.calendar.patterns import Patterns
from twin.errors import Fault, UnreachableError
from twin.lang import Text

MOST_NAMED = 10


@dataclass(frozen=True, eq=False)
class Reach:
    """By point: `full`, P(full) by days waited; `longest_days` promised; `beyond`, points past."""

    full: Floats
    longest_days: Ints
    beyond: Ints


def reach(inputs: CalendarInputs, patterns: Patterns) -> Reach:
    """Return what can be promised to each point.

    Raises
    ------
    UnreachableError
        With `strict`, points that even the densest pattern leaves full more often than the risk.
    """
    full = full_by_day(
        patterns.cycle_days,
        inputs.rate_l,
        inputs.cv,
        inputs.capacity_l,
        rate_sd=inputs.rate_sd,
        correlation=inputs.correlation,
    )
    given = inputs.longest_days
    wanted = longest_wait_days(full, inputs.risk) if given is None else given
    shortest = int(patterns.worst_gap_days.min())
    beyond = np.flatnonzero(wanted < shortest)
    if inputs.strict and beyond.size:
        raise UnreachableError(
            *(
                Fault(
                    key=f"point {p}",
                    value=f"P({shortest} d) = {full[p, shortest]:.3g}",
                    expected=Text(
                        f"au plus {inputs.risk:g} d'être plein après {shortest} jours, "
                        "le plus court intervalle possible",
                        f"at most {inputs.risk:g} to be full after {shortest} days, "
                        "the shortest interval there is",
                    ),
                    remedy=Text(
                        "ajoutez une colonne ou un jour travaillé, ou acceptez un risque plus grand"
                        " (strict = false)",
                        "add a column or a working day, or accept a higher risk (strict = false)",
                    ),
                )
                for p in beyond[:MOST_NAMED]
            )
        )
    return Reach(full, np.maximum(wanted, shortest), beyond)
