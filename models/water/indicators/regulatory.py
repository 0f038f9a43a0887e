"""The indicators of the yearly report on price and quality (RPQS): P104.3, P105.3, P106.3, ILC.

Arrêté du 2 mai 2007, annex; the definitions are those of services.eaufrance.fr [V]. All broadcast.
"""

from __future__ import annotations

import numpy as np

from models.water.indicators.volumes import Floats, Volumes


def yield_share(volumes: Volumes) -> Floats:
    """Return the "rendement" P104.3, a share: (authorised + sold) / (produced + bought).

    Above 1 the service would have delivered more than it took: readings of different dates, a
    mistaken meter or an over-large estimate.
    """
    taken = np.add(volumes.produced_m3, volumes.imported_m3)
    return np.asarray((volumes.authorised_m3 + volumes.exported_m3) / taken)


def uncounted_index(volumes: Volumes) -> Floats:
    """Return ILVNC P105.3, m3 a km and day: (supplied - metered) / km / 365."""
    return np.asarray((volumes.supplied_m3 - volumes.metered_m3) / _km_days(volumes))


def losses_index(volumes: Volumes) -> Floats:
    """Return ILP P106.3, m3 a km and day: (supplied - authorised) / km / 365."""
    return np.asarray(volumes.losses_m3 / _km_days(volumes))


def consumption_index(volumes: Volumes) -> Floats:
    """Return ILC, m3 a km and day: (authorised + sold) / km / 365."""
    return np.asarray((volumes.authorised_m3 + volumes.exported_m3) / _km_days(volumes))


def _km_days(volumes: Volumes) -> Floats:
    return volumes.mains_km * volumes.days
