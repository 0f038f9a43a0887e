"""The ground under a study: the planner's terrain, or labelled synthetic relief."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from twin.scenario.schema import TerritorySection
from twin.terrain import Terrain
from twin.territory import CommuneAreas, Territory, areas_of

MARGIN_M = 2_000.0
"""Ground kept beyond the department's limits, so that border meters see their border gateways."""
