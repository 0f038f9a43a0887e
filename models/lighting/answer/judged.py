"""One option as the replications judged it: communes are its zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from models.lighting.outcomes import ALL
from models.lighting.settings import Settings
from twin.recorder import Direction
from twin.scenario import Option
from twin.study import judged
from twin.study.duck import Table
from twin.study.judged import series_of


@dataclass(frozen=True)
class Judged(judged.Judged):
    """One option: zone "" is the whole territory, an INSEE code that commune."""

    directions: ClassVar[Mapping[str, Direction]] = {kpi.name: kpi.direction for kpi in ALL}

    @property
    def settings(self) -> Settings:
        """Return the option's [lighting] section."""
        settings = self.option.settings["lighting"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings


def judge(table: Table, option: Option) -> Judged:
    """Return an option's ordinary runs; pinned ones are left to the sensitivities."""
    return Judged(option, series_of(table, option))
