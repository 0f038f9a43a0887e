"""Which option to take: the cheapest that answers, if it costs less than buying nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.water.answer.judged import Judged
from twin.study.judged import Gap, gap, gaps


class Verdict(StrEnum):
    """What the worlds say of buying district meters."""

    SAVES = "saves"
    UNSETTLED = "unsettled"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Decision:
    """The option to take and why.

    Attributes
    ----------
    chosen : Judged
        Scenario 0 where every option that answers costs more on average.
    verdict : Verdict
        Whether the worlds settle that the chosen option costs less than scenario 0.
    cheapest : Judged or None
        The cheapest option that answers; `chosen` unless something with fewer meters is not told
        apart from it, or it costs more than scenario 0. None where none answers.
    tied : tuple of Judged
        The options that clearly save too and are not told apart from the cheapest (Holm).
    saving, water : Gap or None
        Total cost and water lost of the option told (chosen, else the cheapest) less scenario 0's.
    """

    chosen: Judged
    verdict: Verdict
    cheapest: Judged | None
    tied: tuple[Judged, ...]
    saving: Gap | None
    water: Gap | None

    @property
    def told(self) -> Judged:
        """Return the option whose figures are told: the chosen one, or the cheapest set aside."""
        if self.verdict is Verdict.NOTHING and self.cheapest is not None:
            return self.cheapest
        return self.chosen


def decide(options: Mapping[str, Judged], current: Judged) -> Decision:
    """Return the decision the whole study leads to.

    Options that answer, or all that buy district meters when none does, against scenario 0.
    """
    others = {
        name: each
        for name, each in options.items()
        if each is not current and each.mean("total_eur") is not None
    }
    asked = {name: each for name, each in others.items() if each.option.answers} or {
        name: each for name, each in others.items() if each.meters
    }
    if not asked:
        return Decision(current, Verdict.NOTHING, None, (), None, None)
    cheapest = min(asked.values(), key=_cost)
    apart = gaps(asked, current, "total_eur")
    saving, water = apart.get(cheapest.id), gap(cheapest, current, "lost_m3")
    if saving is None or saving.difference.mean >= 0.0:
        return Decision(current, Verdict.NOTHING, cheapest, (), saving, water)
    if not saving.settled:
        return Decision(cheapest, Verdict.UNSETTLED, cheapest, (), saving, water)
    saves = {name: each for name, each in asked.items() if name in apart and apart[name].is_less}
    close = gaps(saves, cheapest, "total_eur")
    tied = tuple(each for name, each in saves.items() if name in close and not close[name].settled)
    chosen = min((cheapest, *tied), key=lambda each: (each.meters, _cost(each)))
    return Decision(
        chosen,
        Verdict.SAVES,
        cheapest,
        tied,
        apart[chosen.id],
        gap(chosen, current, "lost_m3"),
    )


def _cost(judged: Judged) -> float:
    cost = judged.mean("total_eur")
    return cost if cost is not None else float("inf")
