"""How long the year's night is across the Indre, held to the figures of the reference sheet."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from models.lighting.schedules.nights import nights_profile
from models.lighting.schedules.presets import all_night
from models.lighting.sun.passages import crossings
from tests.models.lighting.inventory.test_inventory import indre


@pytest.mark.parametrize(
    ("threshold_deg", "chateauroux_h", "spread_h"), [(-0.8333, 4_292.8, 2.0), (-6.0, 3_883.8, 11.0)]
)
def test_nights_of_the_indre(threshold_deg: float, chateauroux_h: float, spread_h: float) -> None:
    """4,292.8 h to sunset, 3,883.8 to civil dusk at Châteauroux; 2 and 11 h from north to south."""
    communes, _ = indre()
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(
        [each.x_m for each in communes], [each.y_m for each in communes]
    )
    first_day = (np.datetime64("2025-01-01") - np.datetime64("1970-01-01")).astype(int)
    nights = all_night(threshold_deg)

    def hours(lat_deg: object, lon_deg: object) -> np.ndarray:
        height = np.zeros(np.size(lat_deg))
        found = crossings(lat_deg, lon_deg, height, int(first_day) - 3, 372, threshold_deg)
        return nights_profile(nights, found, 2025).night_h

    assert hours([46.81], [1.69])[0] == pytest.approx(chateauroux_h, abs=0.05)
    each = hours(lat, lon)
    assert each.max() - each.min() == pytest.approx(spread_h, abs=1.0)
