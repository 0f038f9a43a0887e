"""The numbers of the answer, read from the store: nothing here is drawn or worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.lora.meters import nominal_meters
from models.lora.outcomes import DATES, KPIS, discounted_kpi
from models.lora.plan import Plan, plan_file, read_plan
from models.lora.settings import Settings
from models.lora.stage import Stage, load_stage
from twin.decide.compare import Comparison, compare_all
from twin.decide.intervals import Interval, mean_interval, outcome_interval, wilson_interval
from twin.decide.sensitivity import RankShare, TornadoRow, tornado
from twin.recorder import Direction, Kpi
from twin.scenario import Option, Scenario
from twin.study.conduct import Run
from twin.study.duck import Table
from twin.study.outcomes import series, values
from twin.study.quotes import variance_shares
from twin.territory.communes import Commune, read_communes

INDRE_BAND = (240, 1700)
"""Gateways if the Indre (6,791 km2) had the density of Loire ROC42 .. Ile-de-France [D]."""

TORNADO_KPIS = ("gateways_final", "total_ht_eur")


@dataclass(frozen=True)
class Judged:
    """One option as the replications judged it.

    `outcome` holds, per KPI, the mean and where nine outcomes in ten fall; `mean` the confidence
    interval of the mean; `by_epci` and `by_commune` the same for the shares, per zone.
    """

    option: Option
    plan: Plan
    outcome: Mapping[str, Interval]
    mean: Mapping[str, Interval]
    in_service: Mapping[str, Interval]
    by_epci: Mapping[str, Mapping[str, Interval]]
    by_commune: Mapping[str, Mapping[str, Interval]]

    @property
    def settings(self) -> Settings:
        """Return the option's [lora] section."""
        settings = self.option.settings["lora"]
        assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
        return settings


@dataclass(frozen=True)
class Findings:
    """Everything the report says in numbers."""

    run: Run
    stage: Stage
    options: Mapping[str, Judged]
    tornados: Mapping[str, tuple[TornadoRow, ...]]
    variance: tuple[RankShare, ...]
    versus_operator: tuple[Comparison, ...]
    chance_target_as_planned: Interval
    median_final: float
    n: int

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        return self.run.scenario

    @property
    def meters(self) -> float:
        """Return the number of meters the study speaks of."""
        return nominal_meters(self.stage.meters, quick=self.scenario.quick)

    @property
    def best(self) -> Judged:
        """Return the recommended option."""
        return self.options[self.run.recommended]


def kpis_of(scenario: Scenario) -> tuple[Kpi, ...]:
    """Return every KPI of the study, in the order of the report."""
    return (
        *KPIS,
        *(discounted_kpi(rate) for rate in scenario.money.discount_sensitivities),
        *DATES,
    )


def gather(run: Run) -> Findings:
    """Return the findings of a finished run."""
    table = run.table
    scenario = run.scenario
    options = {option.id: judge(run, table, option) for option in scenario.options}
    settings = options[run.recommended].settings
    stage = load_stage(scenario, settings, run.workspace, lambda _what, _share: None)
    met = np.array(values(table, run.recommended, "target_met_as_planned"))
    return Findings(
        run=run,
        stage=stage,
        options=options,
        tornados={kpi: tornado(table, run.recommended, kpi) for kpi in TORNADO_KPIS},
        variance=variance_shares(run.scenario, series(table, run.recommended, "total_ht_eur")),
        versus_operator=versus_operator(scenario, table),
        chance_target_as_planned=wilson_interval(int(met.sum()), len(met), 0.90),
        median_final=float(np.median(values(table, run.recommended, "gateways_final"))),
        n=run.replications,
    )


def judge(run: Run, table: Table, option: Option) -> Judged:
    """Return one option's intervals."""
    chosen = (table["option"] == option.id) & (table["pins"] == "[]")
    rows = {name: column[chosen] for name, column in table.items()}
    epcis = {commune.epci for commune in _communes(run)}
    by_zone: dict[str, dict[str, Interval]] = {"share_1": {}, "share_2": {}, "in_service": {}}
    for kpi, zones in by_zone.items():
        of_kpi = rows["kpi"] == kpi
        names = rows["zone"][of_kpi]
        numbers = rows["value"][of_kpi]
        order = np.argsort(names, kind="stable")
        if not len(names):
            continue  # an option that buys nothing has no date of service
        labels, starts = np.unique(names[order].astype(str), return_index=True)
        for label, part in zip(labels, np.split(numbers[order], starts[1:]), strict=True):
            zones[str(label)] = outcome_interval(part)
    recorded = set(rows["kpi"][rows["zone"] == ""].tolist())
    names = [kpi.name for kpi in kpis_of(run.scenario) if kpi.name in recorded]
    drawn = {name: values(table, option.id, name) for name in names}
    return Judged(
        option=option,
        plan=read_plan(plan_file(run.workspace, option.id)),
        outcome={name: outcome_interval(drawn[name]) for name in names},
        mean={name: mean_interval(drawn[name]) for name in names},
        in_service=by_zone.pop("in_service"),
        by_epci={
            kpi: {zone: interval for zone, interval in zones.items() if zone in epcis}
            for kpi, zones in by_zone.items()
        },
        by_commune={
            kpi: {zone: interval for zone, interval in zones.items() if zone and zone not in epcis}
            for kpi, zones in by_zone.items()
        },
    )


def versus_operator(scenario: Scenario, table: Table) -> tuple[Comparison, ...]:
    """Return each option's total cost against the operator's, on the same dice."""
    base = next(
        (
            option.id
            for option in scenario.options
            if getattr(option.settings["lora"], "network", "") == "operator"
        ),
        None,
    )
    if base is None:
        return ()
    costs = {option.id: series(table, option.id, "total_ht_eur") for option in scenario.options}
    return compare_all(costs, Direction.MIN, against=base)


def _communes(run: Run) -> tuple[Commune, ...]:
    section = run.scenario.territory
    return read_communes(section.communes, section.merged_communes)
