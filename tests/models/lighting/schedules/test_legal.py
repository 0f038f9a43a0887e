"""The hours of the order of 27 December 2018, by what is lit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest

from models.lighting.demand.beyond_legal import beyond_h
from models.lighting.legal import PlaceKind, latest_s
from tests.conftest import ROOT, Outcome

EXAMPLES = ROOT / "docs" / "guide" / "examples"
HOUR = 3_600.0


@pytest.mark.parametrize(
    ("place", "closing_h", "latest_h"),
    [
        (PlaceKind.STREET, None, None),
        (PlaceKind.STREET, 20.0, None),
        (PlaceKind.PARK, None, 1.0),
        (PlaceKind.PARK, 21.0, 22.0),
        (PlaceKind.HERITAGE, None, 1.0),
        (PlaceKind.CAR_PARK, 22.5, 0.5),
        (PlaceKind.BUSINESS, 19.0, 20.0),
    ],
)
def test_the_latest_hour(place: PlaceKind, closing_h: float | None, latest_h: float | None) -> None:
    """Streets have none; parks 01:00 or an hour after closing; car parks two hours after."""
    found = latest_s(place, None if closing_h is None else HOUR * closing_h)
    assert found == (None if latest_h is None else HOUR * latest_h)


def test_hours_beyond_are_those_of_the_night() -> None:
    """Lit from 18:00 to 06:00, a park that goes out at 01:00 burns five hours too many."""
    hour = np.arange(48) / 2.0
    on = ((hour >= 18.0) | (hour < 6.0)).astype(np.float32)
    assert beyond_h(on, hour, HOUR) == 5.0
    assert beyond_h(on, hour, 22.5 * HOUR) == 7.5
    assert beyond_h(on, hour, None) == 0.0


def test_a_car_park_without_closing_is_refused() -> None:
    """A car park's hour is its closing's."""
    with pytest.raises(ValueError, match="closing"):
        latest_s(PlaceKind.CAR_PARK, None)


def test_the_bill_tells_hours_beyond(run_py: Callable[..., Outcome]) -> None:
    """All night long a park burns from 01:00 to dawn too many hours; a street none."""
    file = EXAMPLES / "lighting_bill.csv"
    street = json.loads(run_py("lighting-bill", file, "--json").out)
    assert street["beyond_legal_h"] == 0.0
    park = json.loads(run_py("lighting-bill", file, "--place", "park", "--json").out)
    place = ("--lat", "46.81", "--lon", "1.69", "--year", "2025", "--json")
    days = json.loads(run_py("sun", *place).out)["days"]
    dawns = [datetime.fromisoformat(each["dawn_local"]) for each in days]
    hours = sum(at.hour - 1.0 + at.minute / 60.0 + at.second / 3_600.0 for at in dawns)
    # On the last Sundays of March and October the night has an hour less, and more.
    assert park["beyond_legal_h"] == pytest.approx(hours, abs=1.1)
    assert "arrêté" in run_py("lighting-bill", file, "--place", "park").out
    told = run_py("lighting-bill", file, "--place", "car-park")
    assert told.code == 2
    assert "--closing" in told.err
