"""The numbers of the answer, read from the store: nothing here is drawn or worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.lora.load.model import read_standing, standing_file
from models.lora.load.outcomes import ALL
from models.lora.load.settings import FleetSection, LoadSection
from models.lora.load.stage import LoadStage, load_stage
from models.lora.load.verdict import Standing
from models.lora.settings import Settings
from twin.decide.intervals import Interval, mean_interval, outcome_interval
from twin.decide.sensitivity import TornadoRow, tornado
from twin.lang import Text
from twin.recorder import Kpi
from twin.scenario import Option, Scenario
from twin.study.conduct import Run
from twin.study.duck import Table

TORNADO_KPIS = ("delivery", "battery_p05")


@dataclass(frozen=True)
class Judged:
    """One option as the replications judged it.

    `outcome[kpi][zone]` is the mean and where nine outcomes in ten fall, `mean[kpi]` the
    confidence interval of the mean in zone "".
    """

    option: Option
    standing: Standing | None
    outcome: Mapping[str, Mapping[str, Interval]]
    mean: Mapping[str, Interval]

    @property
    def settings(self) -> Settings:
        """Return the option's [lora] section."""
        settings = self.option.settings["lora"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings

    @property
    def load(self) -> LoadSection:
        """Return the option's [lora.load] section."""
        assert self.settings.load is not None  # noqa: S101 - the settings ask for it
        return self.settings.load

    @property
    def fleets(self) -> dict[str, FleetSection]:
        """Return the fleets the option has, in the scenario's order."""
        return {name: each for name, each in self.load.fleets.items() if each.present}

    def get(self, kpi: str, zone: str = "") -> Interval | None:
        """Return an outcome, None where nothing was recorded."""
        return self.outcome.get(kpi, {}).get(zone)

    def value(self, kpi: str, zone: str = "") -> float:
        """Return the mean of an outcome.

        Raises
        ------
        KeyError
            Nothing was recorded.
        """
        return self.outcome[kpi][zone].mean

    def zones(self, kpi: str, names: tuple[str, ...]) -> dict[str, Interval]:
        """Return the outcomes of a KPI in those of `names` that have one."""
        told = self.outcome.get(kpi, {})
        return {name: told[name] for name in names if name in told}


@dataclass(frozen=True)
class Findings:
    """Everything the report says in numbers."""

    run: Run
    stage: LoadStage
    options: Mapping[str, Judged]
    tornados: Mapping[str, tuple[TornadoRow, ...]]
    n: int

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        return self.run.scenario

    @property
    def best(self) -> Judged:
        """Return the recommended option."""
        return self.options[self.run.recommended]

    @property
    def epcis(self) -> dict[str, str]:
        """Return the name of each EPCI by code, in the order of the names."""
        names = {commune.epci: commune.epci_name for commune in self.stage.communes}
        return dict(sorted(names.items(), key=lambda item: item[1]))

    @property
    def storms(self) -> list[Judged]:
        """Return the options that lived through a mains cut."""
        return [each for each in self.options.values() if each.get("join_requests") is not None]


def kpis_of(_scenario: Scenario) -> tuple[Kpi, ...]:
    """Return every KPI of the study, in the order of the report."""
    return ALL


def fleet_label(name: str, fleet: FleetSection) -> Text:
    """Return a fleet's name in both languages."""
    return Text(fleet.label or name, fleet.label_en or name)


def gather(run: Run) -> Findings:
    """Return the findings of a finished run."""
    table = run.table
    options = {option.id: _judge(run, table, option) for option in run.scenario.options}
    settings = options[run.recommended].settings
    stage = load_stage(run.scenario, settings, run.workspace, lambda _what, _share: None)
    recorded = options[run.recommended].outcome
    told = [kpi for kpi in TORNADO_KPIS if "" in recorded.get(kpi, {})]
    return Findings(
        run=run,
        stage=stage,
        options=options,
        tornados={kpi: tornado(table, run.recommended, kpi) for kpi in told},
        n=run.replications,
    )


def _judge(run: Run, table: Table, option: Option) -> Judged:
    chosen = (table["option"] == option.id) & (table["pins"] == "[]")
    kpi = table["kpi"][chosen].astype(str)
    zone = table["zone"][chosen].astype(str)
    value = table["value"][chosen]
    order = np.lexsort((zone, kpi))
    kpi, zone, value = kpi[order], zone[order], value[order]
    starts = np.flatnonzero(
        np.concatenate([[True], (kpi[1:] != kpi[:-1]) | (zone[1:] != zone[:-1])])
    )
    outcome: dict[str, dict[str, Interval]] = {}
    mean: dict[str, Interval] = {}
    for start, part in zip(starts, np.split(value, starts[1:]), strict=True):
        outcome.setdefault(str(kpi[start]), {})[str(zone[start])] = outcome_interval(part)
        if not zone[start]:
            mean[str(kpi[start])] = mean_interval(part)
    known = standing_file(run.workspace, option.id).is_file()
    standing = read_standing(run.workspace, option.id) if known else None
    return Judged(option, standing, outcome, mean)
