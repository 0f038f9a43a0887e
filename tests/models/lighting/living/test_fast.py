"""The compiled years against SimPy's on the same dice."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from models.lighting.living.by_events import live_by_events
from models.lighting.living.left import YearsLeft
from models.lighting.settings import RenewalSection
from tests.models.lighting.living.department_case import lived

SUMMED = {
    "dark_h",
    "dark_kwh",
    "stuck_kwh",
    "known_days",
    "repaired_days",
    "km",
    "crew_h",
    "site_s",
}
"""Added up in another order; everything else is counted."""


@pytest.mark.parametrize(
    ("control", "share", "led"),
    [
        ("clock", 1.0, False),
        ("clock", 1.0, True),
        ("remote-clock", 0.7, True),
        ("node", 0.6, True),
        ("node", 0.0, False),
    ],
)
def test_compiled_years_are_those_of_events(control: str, share: float, led: bool) -> None:
    """Two years worked out whole and event by event count the same, over renewals and losses."""
    renewal = RenewalSection(led=led, years=1.5)
    fast = lived(control, share, renewal=renewal, years=2)
    by_events = lived(control, share, renewal=renewal, years=2, play=live_by_events)
    for name in (each.name for each in fields(YearsLeft)):
        one, other = getattr(fast, name), getattr(by_events, name)
        if name in SUMMED:
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=name)
        else:
            assert np.array_equal(one, other), name
    assert by_events.repaired > 3_000
