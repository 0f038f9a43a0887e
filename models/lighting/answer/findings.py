"""What the study says in numbers, and what follows: the option to take, the front, the radio."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from models.lighting.answer.judged import Judged, judge
from models.lighting.settings import Settings
from twin.decide.intervals import Interval, mean_interval
from twin.study import judged
from twin.study.conduct import Run
from twin.study.judged import Gap, gap

COST, DARK = "total_eur", "dark_people_h"


@dataclass(frozen=True)
class Findings(judged.Findings[Judged]):
    """The findings of the lighting question."""

    @cached_property
    def current(self) -> Judged:
        """Return scenario 0: clocks set by hand, today's hours, no renewal; else the first."""
        found = [each for each in self.options.values() if _is_today(each.settings)]
        return (found or list(self.options.values()))[0]

    @cached_property
    def asked(self) -> list[Judged]:
        """Return the options that may answer, and scenario 0."""
        may = [each for each in self.options.values() if each.option.answers]
        return [self.current, *(each for each in may or self.options.values()
                                if each is not self.current)]  # fmt: skip

    @cached_property
    def chosen(self) -> Judged:
        """Return the cheapest of the options asked, scenario 0 among them."""
        return min(self.asked, key=lambda each: each.mean(COST) or 0.0)

    @property
    def saving(self) -> Gap | None:
        """Return how far the chosen option is from scenario 0 in cost."""
        return gap(self.chosen, self.current, COST)

    @cached_property
    def tied(self) -> list[Judged]:
        """Return the options asked whose cost the worlds do not tell from the chosen one's."""
        others = [each for each in self.asked if each is not self.chosen]
        found = ((each, gap(each, self.chosen, COST)) for each in others)
        return [each for each, told in found if told is None or not told.settled]

    @cached_property
    def front(self) -> list[Judged]:
        """Return the options asked that no other betters both in cost and in people in the dark."""
        return [
            each
            for each in self.asked
            if not any(_betters(other, each) for other in self.asked if other is not each)
        ]

    @property
    def overlit_share(self) -> Interval | None:
        """Return the share of scenario 0's energy that lights beyond the class, world by world."""
        over, whole = self.current.values("overlit_kwh"), self.current.values("kwh")
        if over is None or whole is None or not (whole > 0.0).all():
            return None
        return mean_interval(over / whole)

    @cached_property
    def radios(self) -> list[tuple[Judged, Judged]]:
        """Return options that speak, each with one alike over a perfect or a dead radio."""
        return [
            (each, other)
            for each in self.options.values()
            for other in self.options.values()
            if each.settings.control != "clock"
            and each.settings.link not in ("ideal", "none")
            and other.settings.link in ("ideal", "none")
            and _over(each.settings, other.settings.link) == other.settings
        ]


def gather(run: Run) -> Findings:
    """Return the findings of a finished run."""
    return judged.gather(Findings, run, judge, COST)


def _is_today(settings: Settings) -> bool:
    return (
        settings.control == "clock" and settings.night.kind == "today" and not settings.renewal.led
    )


def _betters(one: Judged, other: Judged) -> bool:
    pairs = [(one.mean(kpi) or 0.0, other.mean(kpi) or 0.0) for kpi in (COST, DARK)]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def _over(settings: Settings, link: str) -> Settings:
    part = "nodes" if settings.control == "node" else "clocks"
    section = getattr(settings, part).model_copy(update={"link": link})
    return settings.model_copy(update={part: section})
