"""Which option to take: the cheapest that answers, serves no worse, and needs fewest sensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.waste.answer.judged import FULL_DAYS, Judged
from twin.study.judged import Gap, gap, gaps


@dataclass(frozen=True)
class Decision:
    """The option to take and why.

    Attributes
    ----------
    chosen : Judged or None
        None when every option that answers leaves clearly more points full than scenario 0.
    cheapest : Judged or None
        The cheapest option that answers and serves no worse; `chosen` unless something with fewer
        sensors is not told apart from it.
    tied : tuple of Judged
        The options that serve no worse and are not told apart from the cheapest in total cost (Holm).
    worse : tuple of Judged
        The options that answer and leave clearly more points full than scenario 0.
    saving : Gap or None
        Total cost of the chosen option less scenario 0's.
    service : Gap or None
        Days of full point per point and year of the chosen option less scenario 0's.
    """

    chosen: Judged | None
    cheapest: Judged | None
    tied: tuple[Judged, ...]
    worse: tuple[Judged, ...]
    saving: Gap | None
    service: Gap | None


def decide(options: Mapping[str, Judged], current: Judged) -> Decision:
    """Return the decision the whole study leads to.

    Options that answer, or all when none does; scenario 0 itself only if it answers.
    """
    asked = {name: each for name, each in options.items() if each.option.answers} or dict(options)
    asked = {name: each for name, each in asked.items() if each.mean("total_eur") is not None}
    worse = tuple(each for each in asked.values() if serves_worse(each, current))
    sound = {name: each for name, each in asked.items() if each not in worse}
    if not sound:
        return Decision(None, None, (), worse, None, None)
    cheapest = min(sound.values(), key=_cost)
    apart = gaps(sound, cheapest, "total_eur")
    tied = tuple(
        each
        for name, each in sound.items()
        if each is not cheapest and not (name in apart and apart[name].settled)
    )
    chosen = min((cheapest, *tied), key=lambda each: (sensors_of(each), _cost(each)))
    return Decision(
        chosen,
        cheapest,
        tied,
        worse,
        gap(chosen, current, "total_eur"),
        gap(chosen, current, FULL_DAYS),
    )


def serves_worse(judged: Judged, current: Judged) -> bool:
    """Whether an option leaves clearly more points full than scenario 0.

    Each option is tested on its own: a correction for their number would let worse service pass.
    """
    service = gap(judged, current, FULL_DAYS)
    return service is not None and service.is_more


def sensors_of(judged: Judged) -> float:
    """Return the mean number of points fitted."""
    return judged.mean("sensors") or 0.0


def _cost(judged: Judged) -> float:
    cost = judged.mean("total_eur")
    return cost if cost is not None else float("inf")
