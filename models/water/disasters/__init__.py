"""Disasters on a network: breaks, pollution, fire, power cuts, lost boreholes, drought."""

from models.water.disasters.drought import Catchment, Drought, DryYears, Restriction
from models.water.disasters.fire import FireFlow, fire_flow
from models.water.disasters.isolation import (
    Isolation,
    IsolationTimes,
    isolate,
    people_by_segment,
)
from models.water.disasters.neighbours import Relief, relieve
from models.water.disasters.pollution import arrival_s, contain
from models.water.disasters.segments import Segments, find_segments
from models.water.disasters.storage import dry_hours, hours_until_empty
from models.water.disasters.valves import Valves, default_valves, valves_at, valves_named

__all__ = [
    "Catchment",
    "Drought",
    "DryYears",
    "FireFlow",
    "Isolation",
    "IsolationTimes",
    "Relief",
    "Restriction",
    "Segments",
    "Valves",
    "arrival_s",
    "contain",
    "default_valves",
    "dry_hours",
    "find_segments",
    "fire_flow",
    "hours_until_empty",
    "isolate",
    "people_by_segment",
    "relieve",
    "valves_at",
    "valves_named",
]
