"""From path losses to the static levels of one world: gains, heights, losses and shadowing.

level = ERP + 2.15 (dBd to dBi) + gateway gain - cable loss - path loss - change of antenna height
        - every loss on the device's side + shadowing

It stands at the gateway's receiver, of an uplink sent at full power.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import Losses, fixed_gain_db
from models.lora.links import LinkTable
from models.lora.radio_figures import RadioFigures
from models.lora.sensitivity import sensitivity_dbm
from models.lora.settings import RadioSection
from models.lora.shadowing import ShadowingField, shadowing_db
from models.lora.use_cases import UseCase, placement
from twin.streams import Streams

RX2_ADVANTAGE_DB = 13.0
"""27 dBm ERP in RX2's sub-band against 14 dBm elsewhere [V]."""

Levels = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Device, gateway, level in dBm: arrays of equal length."""


def static_levels(
    radio: RadioSection,
    links: LinkTable,
    side_db: NDArray[np.float64],
    figures: RadioFigures,
    streams: Streams,
    gateway_ids: Sequence[str],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    least_dbm: float,
) -> Levels:
    """Return the links that may ever be looked at and their static levels.

    Parameters
    ----------
    radio
        Gains, the slowest spreading factor, the law of the shadowing.
    links
        The path losses, one row a device.
    side_db, x_m, y_m : shape (devices,)
        Every loss on the device's side but the noise rise; places, metres.
    figures, streams
        One world's uncertain figures and dice; shadowing is keyed by the gateways' names.
    gateway_ids
        Names, in the order of the links' sites.
    least_dbm
        Links that three deviations of shadowing do not bring up to it are left out.
    """
    from models.lora.model import height_effect_db

    rows = links.rows()
    height_db = height_effect_db(links.height_effect_db, figures.antenna_height_quantile)
    slowest_dbm = float(sensitivity_dbm(radio.chip, radio.spreading_factor))
    level = (
        fixed_gain_db(radio)
        + slowest_dbm
        - links.loss_db.astype(np.float64)
        - height_db[links.site]
        - side_db[rows]
    )
    sigma = figures.shadowing_sigma_db
    alive = np.flatnonzero(level >= least_dbm - 3.0 * sigma)
    field = ShadowingField(
        sigma_db=sigma,
        rho=radio.shadowing_correlation,
        decorrelation_m=radio.decorrelation_m,
    )
    here = rows[alive]
    shadow = shadowing_db(field, streams, gateway_ids, links.site[alive], x_m[here], y_m[here])
    return here, links.site[alive].astype(np.int64), level[alive] + shadow


def case_loss_db(case: UseCase, radio: RadioSection, losses: Losses) -> float:
    """Return what a bin, a cabinet or a lamp adds to the losses of a meter outdoors, dB.

    A lamp, up its post, has no clutter around it.
    """
    what = placement(case, radio.frequency_mhz, radio.building)
    clear_db = 0.0 if what.clutter_db > 0.0 else losses.clutter_db
    return what.entry_db - clear_db


def downlink_gains_db(radio: RadioSection) -> tuple[float, float]:
    """Return the downlink's level less the uplink's in RX1 and in RX2, dB [D].

    At equal ERP a downlink misses the gateway's antenna gain; RX2 may send louder.
    """
    gain_db = radio.gateway_gain_dbi - radio.cable_loss_db
    return -gain_db, RX2_ADVANTAGE_DB - gain_db
