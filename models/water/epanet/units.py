"""Between the units of an EPANET file and SI.

EPANET computes in feet and cubic feet a second, and converts files by rounded constants (types.h of
EPANET 2.3.6 [V]). What it computes with is what is kept here: a flow in SI is EPANET's own flow in
cubic feet a second times 0.3048^3, so that heads are the same whoever solves. A metric file thus
reads up to ten millionths off what is written in it (101.94 m3/h a cubic foot a second, for
101.9406) [D]; :mod:`models.water.network.write` turns it back.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.water.epanet.codes import FLOW_UNITS, PRESSURE_UNITS

M_PER_FT = 0.3048
M3_PER_FT3 = M_PER_FT**3

FLOW_PER_CFS = {
    "CFS": 1.0,
    "GPM": 448.831,
    "MGD": 0.64632,
    "IMGD": 0.5382,
    "AFD": 1.9837,
    "LPS": 28.317,
    "LPM": 1699.0,
    "MLD": 2.4466,
    "CMH": 101.94,
    "CMD": 2446.6,
    "CMS": 0.028317,
}
METRIC = frozenset({"LPS", "LPM", "MLD", "CMH", "CMD", "CMS"})

PSI_PER_FT = 0.4333
KPA_PER_PSI = 6.895
BAR_PER_PSI = 0.068948
KW_PER_HP = 0.7457
W_PER_HP = 1000.0 * KW_PER_HP

CMH_PER_M3S = FLOW_PER_CFS["CMH"] / M3_PER_FT3
"""What EPANET must be told in CMH for it to compute with 1 m3/s."""


@dataclass(frozen=True)
class Units:
    """Factors that turn a file's figures into SI by multiplication.

    Attributes
    ----------
    flow_units : str
        EPANET's word: GPM, LPS, CMH...
    flow_m3s : float
        Of one unit of flow.
    length_m : float
        Of one unit of length, elevation, head or level.
    diameter_m : float
        Of one unit of a pipe's diameter (inch or millimetre).
    pressure_m : float
        Metres of water of one unit of pressure.
    power_w : float
        Of one unit of a pump's power (hp or kW).
    emitter_m : float
        Metres of water in EPANET's unit of pressure for emitters: psi in US units, m in metric
        ones, whatever the file's unit of pressure.
    """

    flow_units: str
    flow_m3s: float
    length_m: float
    diameter_m: float
    pressure_m: float
    power_w: float
    emitter_m: float


def units_of(flow: int, pressure: int, specific_gravity: float) -> Units:
    """Return the factors of a file.

    Parameters
    ----------
    flow, pressure : int
        EPANET's codes of units.
    specific_gravity : float
        Of the liquid: a psi of a heavier one is fewer metres of it.
    """
    name = FLOW_UNITS[flow]
    metric = name in METRIC
    psi_per_ft = PSI_PER_FT * specific_gravity
    per_ft = {
        "PSI": psi_per_ft,
        "KPA": KPA_PER_PSI * psi_per_ft,
        "METERS": M_PER_FT,
        "BAR": BAR_PER_PSI * psi_per_ft,
        "FEET": 1.0,
    }[PRESSURE_UNITS[pressure]]
    return Units(
        flow_units=name,
        flow_m3s=M3_PER_FT3 / FLOW_PER_CFS[name],
        length_m=1.0 if metric else M_PER_FT,
        diameter_m=0.001 if metric else M_PER_FT / 12.0,
        pressure_m=M_PER_FT / per_ft,
        power_w=1000.0 if metric else W_PER_HP,
        emitter_m=1.0 if metric else M_PER_FT / psi_per_ft,
    )
