"""The leaks of one world, and the background leakage that closes its balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models.water.figures import WorldDice
from models.water.leaks.background import background_coefficients
from models.water.leaks.balance import LeakBalance, expected_balance
from models.water.leaks.dice import draw_leaks
from models.water.leaks.events import LeakEvents
from models.water.leaks.figures import LeakFigures
from models.water.network.network import Floats
from models.water.stage import WaterStage
from twin.units import DAY_S

LEAST_CONDITION = 0.2
"""Pipes seep at least this share of the unavoidable leakage, which is that of networks in good
condition [U]. Where leaks alone would lose more than the world's loss, there are fewer leaks."""


@dataclass(frozen=True, eq=False)
class WorldLeaks:
    """What leaks in a world.

    Attributes
    ----------
    figures : LeakFigures
        As drawn, then made to fit the world's loss.
    events : LeakEvents
        Of all zones; links and nodes are those below the towers.
    background : tuple of Floats
        By zone: coefficient of p^1.5 by node.
    """

    figures: LeakFigures
    events: LeakEvents
    background: tuple[Floats, ...]


def fitted(stage: WaterStage, drawn: LeakFigures, losses_m3_day: float, year: int) -> LeakFigures:
    """Return the figures whose expected losses under today's watch are those given."""
    zones = [each.gravity.zone for each in stage.zones]
    balance = expected_balance(zones, drawn, year, stage.pressure_m)
    condition = balance.condition_for(losses_m3_day)
    if condition >= LEAST_CONDITION:
        return replace(drawn, background_condition=condition)
    return _fewer(drawn, balance, losses_m3_day)


def _fewer(drawn: LeakFigures, balance: LeakBalance, losses_m3_day: float) -> LeakFigures:
    """Return figures with the least background and as many leaks as the losses leave room for."""
    seeps = balance.background_m3_day / balance.condition * LEAST_CONDITION
    leaks = balance.hidden_m3_day + balance.reported_m3_day
    share = max(losses_m3_day - seeps, 0.0) / leaks
    return replace(
        drawn,
        background_condition=LEAST_CONDITION,
        frequency_factor=drawn.frequency_factor * share,
    )


def expected_use_m3_day(stage: WaterStage) -> float:
    """Return what the territory is expected to draw on a mean day."""
    return (
        sum(float(each.gravity.zone.network.demands.base_m3s.sum()) for each in stage.zones) * DAY_S
    )


def world_leaks(stage: WaterStage, dice: WorldDice, start: date, days: int) -> WorldLeaks:
    """Return the leaks of a world whose loss under today's watch is the one drawn."""
    share = dice.figures.loss_share
    used = expected_use_m3_day(stage) * dice.figures.demand_factor
    figures = fitted(stage, dice.figures.leaks(), used * share / (1.0 - share), start.year)
    zones = [each.gravity.zone for each in stage.zones]
    return WorldLeaks(
        figures=figures,
        events=draw_leaks(zones, figures, dice.streams, days, start),
        background=tuple(background_coefficients(zone, figures) for zone in zones),
    )
