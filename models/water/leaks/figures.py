"""What a world says of its leaks: frequencies, flows, lives. Every figure carries its status."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from models.water.zone import Material
from twin.errors import Fault, InputError
from twin.lang import Text

MAINS_PER_KM_YEAR: dict[Material, float] = {
    Material.CAST_IRON: 0.43,
    Material.DUCTILE_IRON: 0.07,
    Material.PVC: 0.13,
    Material.HDPE: 0.06,
    Material.ASBESTOS_CEMENT: 0.29,
    Material.STEEL: 0.24,
}
"""Failures a km and year of one Polish network, 2008-12 (1,428 km, 1,919 failures; *Handbook of
Materials Failure Analysis*, ch. 9, table 9.8) [V]; ductile iron, absent there, [U]. Only their
ratios are used: `mains_level` sets the height."""

PLASTIC = frozenset({Material.PVC, Material.HDPE})
"""Materials whose cracks open with pressure [V van Zyl & Malde 2017: direction]."""

RIGID_MONTHS = (1.45, 1.35, 1.10, 0.90, 0.80, 0.75, 0.85, 0.95, 0.90, 0.85, 0.95, 1.15)
PLASTIC_MONTHS = (0.95, 0.95, 0.90, 0.90, 0.95, 1.00, 1.15, 1.20, 1.15, 1.00, 0.90, 0.95)
"""Frequency by month over its mean [U]. Iron breaks in cold water (SEDIF, TSM 11-2021 [V]: the
direction, not these values); dry clay moves in summer."""

CONNECTION_MONTHS = (1.05, 1.05, 0.95, 0.90, 0.95, 1.00, 1.10, 1.10, 1.05, 0.95, 0.90, 1.00)
"""Frequency of connection leaks by month over its mean [U]."""

LARGEST_M3H = 40.0
"""Above this flow a leak is seen and repaired at once [V Gironde guide]; draws are cut here."""

OLDEST_FACTOR = 4.0
REFERENCE_AGE_YEARS = 40.0


@dataclass(frozen=True)
class LeakFigures:
    """Uncertain figures of a world; a scenario draws the first ones.

    Attributes
    ----------
    frequency_factor
        True frequency over the usual one, of every leak [U].
    hidden_m3h
        Mean flow of a hidden leak at 50 m: 2.2 [V Gironde guide].
    survey_years, hear_share
        Years between two systematic surveys of a network before the first day, and the chance that
        one hears a leak [U].
    mains_level
        What :data:`MAINS_PER_KM_YEAR` is multiplied by: 0.6 gives 0.11 a km and year on a rural
        mix, near the 0.124 of the UARL paper [U].
    ageing_per_year
        Growth of a pipe's frequency with age, exponential (form of Shamir & Howard 1979); 1 at 40
        years, held within 1/4 to 4; 0.02 [U].
    connections_per_1000_year
        Leaks of service connections: 3 [V UARL: 2.25 + 0.75].
    hidden_mains_share, hidden_connections_share
        Of leaks, those nobody sees: 0.05 and 0.25 [V UARL: 0.006 in 0.130, 0.75 in 3].
    mains_m3h, connection_m3h
        Mean flow at 50 m of reported leaks: 12 and 1.6 [V UARL; values U].
    log_sd
        Log-deviation of flows; lognormal, cut at 40 m3/h [U].
    season_strength
        0: no season; 1: the months' factors as they stand.
    weather_cv
        Of a year's common factor: a hard winter or a dry summer strikes all zones [U].
    plastic_n1_low, plastic_n1_high
        Exponent at 50 m of a leak in plastic, uniform; other pipes 0.5 [V: direction].
    growth_days
        Median days in which a hidden leak grows from a tenth to its full area, linearly [U];
        `growth_log_sd` around it. Reported ones are full at once.
    mains_aware_days, connection_aware_days
        Mean days until somebody calls about a reported leak, exponential [U: split of 3 and 8].
    surfacing_years
        Mean years until a hidden leak shows by itself, exponential [U].
    mains_repair_days, connection_repair_days, hidden_repair_days
        Mean days from first word to repair [U: the rest of 3 and 8]; `repair_log_sd` around them.
    background_condition
        Background leakage over the unavoidable one (infrastructure condition factor); 0.77 closes
        the Indre's estimated balance under 45 m [D].
    private_pipes
        Meters stand at the house: seepage of 15 m more a connection. False: at the property line.

    Raises
    ------
    InputError
        With every figure out of bounds.
    """

    frequency_factor: float = 1.0
    hidden_m3h: float = 2.2
    survey_years: float = 6.0
    hear_share: float = 0.8
    mains_level: float = 0.6
    ageing_per_year: float = 0.02
    connections_per_1000_year: float = 3.0
    hidden_mains_share: float = 0.05
    hidden_connections_share: float = 0.25
    mains_m3h: float = 12.0
    connection_m3h: float = 1.6
    log_sd: float = 0.6
    season_strength: float = 1.0
    weather_cv: float = 0.2
    plastic_n1_low: float = 0.6
    plastic_n1_high: float = 1.4
    growth_days: float = 90.0
    growth_log_sd: float = 0.8
    mains_aware_days: float = 1.0
    connection_aware_days: float = 4.0
    surfacing_years: float = 1.0
    mains_repair_days: float = 2.0
    connection_repair_days: float = 4.0
    hidden_repair_days: float = 10.0
    repair_log_sd: float = 0.5
    background_condition: float = 0.77
    private_pipes: bool = False

    def __post_init__(self) -> None:
        faults = []
        for each in fields(self):
            if each.name == "private_pipes":
                continue
            low, high = _BOUNDS.get(each.name, (0.0, 1e4))
            value = getattr(self, each.name)
            if not low <= value <= high:
                faults.append(
                    Fault(
                        key=each.name,
                        value=f"{value:g}",
                        expected=Text(f"de {low:g} à {high:g}", f"{low:g} to {high:g}"),
                        remedy=Text("corrigez ce chiffre", "mend this figure"),
                    )
                )
        if self.plastic_n1_low > self.plastic_n1_high:
            faults.append(
                Fault(
                    key="plastic_n1_low",
                    value=f"{self.plastic_n1_low:g}",
                    expected=Text("au plus plastic_n1_high", "at most plastic_n1_high"),
                    remedy=Text("échangez les deux bornes", "swap the two bounds"),
                )
            )
        if faults:
            raise InputError(*faults)

    def mains_per_km_year(self, material: Material, age_years: float) -> float:
        """Return leaks of a main, reported and hidden, a km and year."""
        return self.frequency_factor * self.mains_level * MAINS_PER_KM_YEAR[material] * self.ageing(
            age_years
        )  # fmt: skip

    def ageing(self, age_years: float) -> float:
        """Return a pipe's frequency over that of a pipe of 40 years."""
        limit = math.log(OLDEST_FACTOR)
        growth = self.ageing_per_year * (age_years - REFERENCE_AGE_YEARS)
        return math.exp(min(max(growth, -limit), limit))

    def hidden_share(self, *, connection: bool) -> float:
        """Return the share of leaks that nobody sees."""
        return self.hidden_connections_share if connection else self.hidden_mains_share


_SHARE = (0.0, 1.0)
_TINY = 1e-3
_BOUNDS: dict[str, tuple[float, float]] = {
    "frequency_factor": (0.0, 100.0),
    "hidden_m3h": (_TINY, LARGEST_M3H),
    "mains_m3h": (_TINY, LARGEST_M3H),
    "connection_m3h": (_TINY, LARGEST_M3H),
    "survey_years": (0.1, 1e4),
    "hear_share": _SHARE,
    "mains_level": (0.0, 100.0),
    "ageing_per_year": (-1.0, 1.0),
    "hidden_mains_share": _SHARE,
    "hidden_connections_share": _SHARE,
    "log_sd": (0.0, 3.0),
    "season_strength": (0.0, 2.0),
    "weather_cv": (0.0, 3.0),
    "plastic_n1_low": (0.5, 1.5),
    "plastic_n1_high": (0.5, 1.5),
    "growth_log_sd": (0.0, 3.0),
    "repair_log_sd": (0.0, 3.0),
    "surfacing_years": (0.01, 1e4),
    "background_condition": (0.0, 100.0),
}
