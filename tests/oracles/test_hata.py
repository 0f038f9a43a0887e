"""Okumura-Hata against hand-computed values of the published formulas (Hata 1980)."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.hata import Environment, in_domain, okumura_hata_db

KM = (1, 5, 10, 20)
TABLE = {
    Environment.URBAN: ((125.9934, 150.6145, 161.2182, 171.8220), 156.6992),
    Environment.SUBURBAN: ((116.1451, 140.7662, 151.3699, 161.9737), 146.8509),
    Environment.OPEN: ((97.6416, 122.2628, 132.8665, 143.4702), 128.3474),
}


@pytest.mark.parametrize("environment", list(Environment))
def test_reference_table(environment: Environment) -> None:
    """All fifteen reference losses at 868 MHz, mobile at 1.5 m, come out to the last digit."""
    at_30m, at_50m = TABLE[environment]
    losses = okumura_hata_db(np.array(KM) * 1000.0, 30.0, 1.5, 868.0, environment)
    assert np.round(losses, 4).tolist() == list(at_30m)
    assert round(float(okumura_hata_db(10_000.0, 50.0, 1.5, 868.0, environment)), 4) == at_50m


def test_broadcasts() -> None:
    """Distances and heights broadcast together, one loss per combination."""
    losses = okumura_hata_db(
        np.array([1e3, 5e3])[:, None], np.array([30.0, 50.0, 100.0]), 1.5, 868.0, "open"
    )
    assert losses.shape == (2, 3)
    assert np.all(np.diff(losses, axis=1) < 0)


def test_domain() -> None:
    """The domain of validity is the published one, bounds included."""
    assert in_domain([1e3, 20e3, 999.0, 20001.0], 30.0, 1.0, 868.0).tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert not in_domain(5e3, 29.0, 1.5, 868.0)
    assert not in_domain(5e3, 30.0, 0.5, 868.0)
    assert not in_domain(5e3, 30.0, 1.5, 2400.0)
