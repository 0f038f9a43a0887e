"""One option as the replications judged it: services and communes are its zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from models.water.outcomes import ALL
from models.water.settings import Settings
from twin.recorder import Direction
from twin.scenario import Option
from twin.study import judged
from twin.study.duck import Table
from twin.study.judged import series_of

WITH_CUSTOMERS = "with_customers_eur"
"""What the service spends and what customers pay for leaks behind their meters, euros a year."""


@dataclass(frozen=True)
class Judged(judged.Judged):
    """One option: `series[kpi, zone]` is what each replication gave.

    Zone "" is the whole territory, a service's name that service, an INSEE code that commune.
    """

    directions: ClassVar[Mapping[str, Direction]] = {
        **{kpi.name: kpi.direction for kpi in ALL},
        WITH_CUSTOMERS: Direction.MIN,
    }

    @property
    def settings(self) -> Settings:
        """Return the option's [water] section."""
        settings = self.option.settings["water"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings

    @property
    def meters(self) -> int:
        """Return how many district meters the option asks for."""
        return self.settings.districts.meters


def judge(table: Table, option: Option) -> Judged:
    """Return an option's ordinary runs; pinned ones are left to the sensitivities."""
    found = series_of(table, option)
    service, paid = found.get(("total_eur", ""), {}), found.get(("paid_eur", ""), {})
    both = {each: service[each] + paid[each] for each in service if each in paid}
    return Judged(option, found | ({(WITH_CUSTOMERS, ""): both} if both else {}))
