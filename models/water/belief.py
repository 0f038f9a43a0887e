"""What a service believes of its network before it buys: figures at their means."""

from __future__ import annotations

from dataclasses import replace

from models.water.demand.figures import DemandFigures
from models.water.figures import nominal_dice
from models.water.leaks.balance import expected_balance
from models.water.leaks.events import LeakKind
from models.water.night_use import expected_night_use
from models.water.settings import ServiceSection, Settings
from models.water.stage import WaterStage
from models.water.world_leaks import expected_use_m3_day, fitted
from models.water.year import Belief
from twin.scenario import Scenario
from twin.study.drawn import expected_streams

HIDDEN_KINDS = [LeakKind.HIDDEN_MAIN, LeakKind.HIDDEN_CONNECTION]


def belief_of(
    scenario: Scenario, settings: Settings, stage: WaterStage, service: ServiceSection
) -> Belief:
    """Return the night use and the condition of pipes that a service expects."""
    figures = nominal_dice(scenario).figures
    start = scenario.study.start
    share = figures.loss_share
    losses = expected_use_m3_day(stage) * share / (1.0 - share)
    usual = replace(DemandFigures(), l_per_person_day=settings.rural.people.litres_per_person_day)
    usual_leaks = figures.leaks()
    balance = expected_balance([each.gravity.zone for each in stage.zones], usual_leaks, start.year)
    hidden = float(balance.leaks_per_year[HIDDEN_KINDS].sum())
    return Belief(
        night_use=expected_night_use(
            stage,
            usual,
            expected_streams(scenario),
            start,
            service.settling_days + service.days,
        ),
        condition=fitted(stage, usual_leaks, losses, start.year).background_condition,
        hidden_share=hidden / float(balance.leaks_per_year.sum()),
        called_days=usual_leaks.connection_aware_days,
    )
