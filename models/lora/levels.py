"""From path loss to the margin above sensitivity, meter by meter.

margin = ERP + 2.15 (dBd to dBi) - antenna shortfall - path loss - clutter - entry loss
         + gateway gain - cable loss - (sensitivity + noise rise)

A meter is heard by a gateway when its margin plus shadowing is at least zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.meters import INDOOR, PIT
from models.lora.settings import RadioSection

DBD_TO_DBI = 2.15
"""Gain of a half-wave dipole: ERP is referred to a dipole, path loss to an isotropic antenna."""


@dataclass(frozen=True)
class Losses:
    """The uncertain part of the budget in one world, in dB; all positive numbers weaken the link.

    `entry_probability` is where an indoor meter stands in the P.2109 distribution of its building
    (0.5 = median), shape (meters,) or a scalar.
    """

    pit_db: float
    clutter_db: float
    antenna_db: float
    noise_rise_db: float
    bias_db: float
    entry_probability: float | NDArray[np.float64]


def fixed_gain_db(radio: RadioSection) -> float:
    """Return what the budget adds before any uncertain loss: ERP, gains and sensitivity."""
    from models.lora.sensitivity import sensitivity_dbm

    threshold = float(sensitivity_dbm(radio.chip, radio.spreading_factor))
    return radio.erp_dbm + DBD_TO_DBI + radio.gateway_gain_dbi - radio.cable_loss_db - threshold


def placement_loss_db(
    radio: RadioSection, placement: NDArray[np.uint8], losses: Losses
) -> NDArray[np.float64]:
    """Return every loss that belongs to the meter's side, shape (meters,)."""
    from models.lora.building_entry import building_entry_loss_db

    entry = building_entry_loss_db(
        radio.frequency_mhz, losses.entry_probability, radio.building
    )
    common = losses.clutter_db + losses.antenna_db + losses.noise_rise_db + losses.bias_db
    loss = np.full(len(placement), common)
    loss += np.where(placement == PIT, losses.pit_db, 0.0)
    loss += np.where(placement == INDOOR, entry, 0.0)
    return loss
