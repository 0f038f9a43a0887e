"""One option as the replications judged it: streams are its zones, full points are told in days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from models.waste.outcomes import ALL
from models.waste.settings import Settings
from twin.recorder import Direction
from twin.scenario import Option
from twin.study import judged
from twin.study.duck import Table
from twin.study.judged import series_of

FULL_DAYS = "full_days"
"""Days of full point per point and year: `full_share` told in days."""
DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class Judged(judged.Judged):
    """One option: `series[kpi, zone]` is what each replication gave; zone "" is all streams."""

    directions: ClassVar[Mapping[str, Direction]] = {
        **{kpi.name: kpi.direction for kpi in ALL},
        FULL_DAYS: Direction.MIN,
    }

    @property
    def settings(self) -> Settings:
        """Return the option's [waste] section."""
        settings = self.option.settings["waste"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings


def judge(table: Table, option: Option) -> Judged:
    """Return an option's ordinary runs; pinned ones are left to the sensitivities."""
    found = series_of(table, option)
    for (kpi, zone), series in list(found.items()):
        if kpi == "full_share":
            found[FULL_DAYS, zone] = {each: DAYS_A_YEAR * x for each, x in series.items()}
    return Judged(option, found)
