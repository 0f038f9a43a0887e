"""The most expected world: every link's margin with all assumptions at their means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
from models.lora.settings import Settings
from models.lora.stage import Stage
from twin.scenario import Scenario
from twin.world import prior_named


def mean_losses(scenario: Scenario) -> Losses:
    """Return the uncertain part of the link budget with every assumption at its mean."""

    def mean(name: str) -> float:
        return prior_named(scenario.assumptions, name, scenario.path).mean()

    return Losses(
        pit_db=mean("pit_loss_db"),
        clutter_db=mean("clutter_loss_db"),
        antenna_db=mean("meter_antenna_loss_db"),
        noise_rise_db=mean("noise_rise_db"),
        bias_db=mean("propagation_bias_db"),
        entry_probability=0.5,
    )


def nominal_margin_db(scenario: Scenario, settings: Settings, stage: Stage) -> NDArray[np.float64]:
    """Return each link's margin with every assumption at its mean, shape (links,)."""
    placement = stage.meters.placement(settings.meters)
    meter_db = placement_loss_db(settings.radio, placement, mean_losses(scenario))
    gain = fixed_gain_db(settings.radio)
    return gain - stage.links.loss_db.astype(np.float64) - meter_db[stage.links.rows()]
