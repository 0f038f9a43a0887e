"""From path loss to the margin above sensitivity, meter by meter.

margin = ERP + 2.15 (dBd to dBi) - antenna shortfall - path loss - clutter - entry loss
         + gateway gain - cable loss - (sensitivity + noise rise)

A meter is heard by a gateway when its margin plus shadowing is at least zero. The uplink alone is
counted: reading a meter needs no answer. The figures are those of `models.lora.link_budget`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.lora.meters import INDOOR, PIT
from models.lora.settings import RadioSection


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
    """Return what the budget adds before any uncertain loss, dB: ERP, gains and sensitivity.

    It is the link budget's largest uplink path loss with every uncertain loss at zero.
    """
    from models.lora.link_budget import Direction, link_budget

    budget = link_budget(
        "meter-outdoor",
        radio.frequency_mhz,
        erp_dbm=radio.erp_dbm,
        device_antenna_loss_db=0.0,
        gateway_gain_dbi=radio.gateway_gain_dbi,
        cable_loss_db=radio.cable_loss_db,
        noise_rise_db=0.0,
        gateway_chip=radio.chip,
    )
    bare = replace(budget, place=replace(budget.place, clutter_db=0.0))
    return float(bare.max_path_loss_db(radio.spreading_factor, Direction.UPLINK))


def placement_loss_db(
    radio: RadioSection, placement: NDArray[np.uint8], losses: Losses
) -> NDArray[np.float64]:
    """Return every loss that belongs to the meter's side, dB, shape (meters,).

    `placement` holds OUTDOOR, INDOOR or PIT, shape (meters,).
    """
    from models.lora.building_entry import building_entry_loss_db

    entry = building_entry_loss_db(radio.frequency_mhz, losses.entry_probability, radio.building)
    common = losses.clutter_db + losses.antenna_db + losses.noise_rise_db + losses.bias_db
    loss = np.full(len(placement), common)
    loss += np.where(placement == PIT, losses.pit_db, 0.0)
    loss += np.where(placement == INDOOR, entry, 0.0)
    return loss
