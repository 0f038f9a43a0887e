"""The scenario whose assumptions and money the made-up answers use."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.scenario import Scenario, load_scenario

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="session")
def water_scenario() -> Scenario:
    """Return the water scenario of the Indre."""
    return load_scenario(ROOT / "scenarios" / "indre" / "water.toml")
