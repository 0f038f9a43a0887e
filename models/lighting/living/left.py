"""What years of lighting left behind: counts and sums, kept by content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class YearsLeft:
    """Sums over the years lived, not yet divided by them.

    Attributes
    ----------
    years : float
    due_h : float64, shape (communes,)
        Hours of light due to one lamp.
    dark_h : float64, shape (communes,)
        Lamp-hours due and dark, by any failure.
    dark_kwh : float64, shape (communes,)
        Energy those lamps did not use.
    stuck_kwh : float64, shape (communes,)
        Energy of lamps that a fault left burning by day.
    lamp_failures, lantern_failures : float
        Discharge lamps and LED lanterns that failed.
    cabinet_faults, cable_faults, node_failures, clock_failures : float
    lamps_changed, lanterns_repaired, cabinets_repaired, cables_repaired, nodes_replaced,
    clocks_replaced : float64, shape (communes,)
        Repairs done.
    known : float64, shape (channels, communes)
        Failures first told by a call, a patrol, a cabinet's meter, a node's word, a silence.
    known_days, repaired_days : float
        Summed over lamps that became known, and over those repaired.
    repaired : float
        Lamps repaired.
    false_alarms : float64, shape (communes,)
        Silences of devices that had not failed and sent somebody.
    commands, lost_commands, by_hand : float
        Orders of new hours sent by radio; lost for good; clocks or lamps set by hand.
    site_s : float64, shape (communes,)
        Time crews worked there, ways aside.
    trips : float
        Of crews and patrols.
    stops, km, crew_h : float
        Of crews.
    patrol_km, patrol_h : float64, shape (communes,)
        Of patrols, their share of the ways out and home included.
    """

    years: float
    due_h: Floats
    dark_h: Floats
    dark_kwh: Floats
    stuck_kwh: Floats
    lamp_failures: float
    lantern_failures: float
    cabinet_faults: float
    cable_faults: float
    node_failures: float
    clock_failures: float
    lamps_changed: Floats
    lanterns_repaired: Floats
    cabinets_repaired: Floats
    cables_repaired: Floats
    nodes_replaced: Floats
    clocks_replaced: Floats
    known: Floats
    known_days: float
    repaired_days: float
    repaired: float
    false_alarms: Floats
    commands: float
    lost_commands: float
    by_hand: float
    site_s: Floats
    trips: float
    stops: float
    km: float
    crew_h: float
    patrol_km: Floats
    patrol_h: Floats
