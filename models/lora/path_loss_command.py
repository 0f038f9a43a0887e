"""`run.py path-loss`: ITU-R delta-Bullington on one terrain profile, term by term.

Defaults are those of ITU-R's validation cases: horizontal polarisation, Earth radius 8,500 km.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text


class Polarisation(StrEnum):
    """Orientation of the electric field."""

    HORIZONTAL = "h"
    VERTICAL = "v"


def path_loss(
    profile: Annotated[
        Path,
        typer.Option(
            "--profile",
            help=say("CSV : distance (km), altitude (m)", "CSV: distance (km), height (m)"),
        ),
    ],
    tx_height_m: Annotated[
        float,
        typer.Option(
            "--tx-height-m", help=say("antenne émettrice, m/sol", "transmit antenna above ground")
        ),
    ],
    rx_height_m: Annotated[
        float,
        typer.Option(
            "--rx-height-m", help=say("antenne réceptrice, m/sol", "receive antenna above ground")
        ),
    ],
    frequency_mhz: Annotated[
        float, typer.Option("--frequency-mhz", help=say("de 30 à 6000 MHz", "30 to 6000 MHz"))
    ],
    polarisation: Annotated[
        Polarisation,
        typer.Option("--polarisation", help=say("h ou v", "h or v")),
    ] = Polarisation.HORIZONTAL,
    effective_earth_radius_km: Annotated[
        float,
        typer.Option(
            "--effective-earth-radius-km",
            help=say("rayon terrestre équivalent", "effective Earth radius"),
        ),
    ] = 8500.0,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """L'affaiblissement d'un profil, terme par terme (UIT-R P.526-15, P.525)."""
    terms = path_loss_terms(
        profile,
        tx_height_m,
        rx_height_m,
        frequency_mhz,
        vertical=polarisation is Polarisation.VERTICAL,
        effective_earth_radius_km=effective_earth_radius_km,
    )
    if as_json:
        report: dict[str, object] = {"profile": str(profile), "polarisation": polarisation.value}
        typer.echo(json.dumps({**report, **terms}, ensure_ascii=False, indent=2))
        return
    for line in term_lines(terms, lang):
        typer.echo(line)


def term_lines(terms: Mapping[str, float], lang: Lang) -> Iterator[str]:
    """Yield one aligned line per term of a loss."""
    from twin.report.typography import number, with_unit

    labels = {key: label.say(lang) for key, (label, _, _) in _TERMS.items()}
    width = max(map(len, labels.values()))
    for key, (_, unit, decimals) in _TERMS.items():
        value = with_unit(number(terms[key], decimals, lang), unit)
        yield f"{labels[key]:<{width}}  {value:>14}"


_TERMS: Mapping[str, tuple[Text, str, int]] = {
    "distance_km": (Text("distance", "distance"), "km", 3),
    "bullington_actual_db": (
        Text("Bullington, profil réel", "Bullington, actual profile"),
        "dB",
        2,
    ),
    "bullington_smooth_db": (
        Text("Bullington, profil lisse", "Bullington, smooth profile"),
        "dB",
        2,
    ),
    "spherical_earth_db": (Text("Terre sphérique", "spherical Earth"), "dB", 2),
    "delta_bullington_db": (
        Text("diffraction delta-Bullington", "delta-Bullington diffraction"),
        "dB",
        2,
    ),
    "free_space_db": (Text("espace libre", "free space"), "dB", 2),
    "total_db": (Text("affaiblissement total", "total loss"), "dB", 2),
}


def path_loss_terms(
    profile: Path,
    tx_height_m: float,
    rx_height_m: float,
    frequency_mhz: float,
    *,
    vertical: bool = True,
    effective_earth_radius_km: float = 8500.0,
) -> dict[str, float]:
    """Return every term of the loss over a profile file, by name.

    Free space is taken over the straight line between the antennas (P.1812 equation 8).

    Raises
    ------
    DataError
        What is wrong with the file.
    InputError
        Negative antenna height, frequency or Earth radius out of range.
    """
    import math

    from models.lora.diffraction import delta_bullington_db
    from models.lora.free_space import free_space_db
    from models.lora.profile_file import read_profile

    _check(tx_height_m, rx_height_m, frequency_mhz, effective_earth_radius_km)
    distances_m, heights_m = read_profile(profile)
    loss_db, actual_db, smooth_db, spherical_db = delta_bullington_db(
        distances_m,
        heights_m,
        tx_height_m,
        rx_height_m,
        frequency_mhz,
        vertical,
        effective_earth_radius_km * 1000.0,
    )
    rise_m = heights_m[-1] + rx_height_m - heights_m[0] - tx_height_m
    free_db = float(free_space_db(math.hypot(distances_m[-1], rise_m), frequency_mhz))
    return {
        "frequency_mhz": frequency_mhz,
        "tx_height_m": tx_height_m,
        "rx_height_m": rx_height_m,
        "effective_earth_radius_km": effective_earth_radius_km,
        "samples": len(distances_m),
        "distance_km": float(distances_m[-1]) / 1000.0,
        "delta_bullington_db": loss_db,
        "bullington_actual_db": actual_db,
        "bullington_smooth_db": smooth_db,
        "spherical_earth_db": spherical_db,
        "free_space_db": free_db,
        "total_db": free_db + loss_db,
    }


def _check(
    tx_height_m: float, rx_height_m: float, frequency_mhz: float, effective_earth_radius_km: float
) -> None:
    """Raise one InputError with every argument out of range."""
    from twin.errors import Fault, InputError

    faults = []
    ranges = (
        ("--tx-height-m", tx_height_m, 0.0, 3_000.0, "m"),
        ("--rx-height-m", rx_height_m, 0.0, 3_000.0, "m"),
        ("--frequency-mhz", frequency_mhz, 30.0, 6_000.0, "MHz"),
        ("--effective-earth-radius-km", effective_earth_radius_km, 1_000.0, 1.0e6, "km"),
    )
    for key, value, low, high, unit in ranges:
        if not low <= value <= high:
            faults.append(
                Fault(
                    key=key,
                    value=f"{value:g}",
                    expected=Text(
                        f"de {low:.0f} à {high:.0f} {unit}", f"{low:.0f} to {high:.0f} {unit}"
                    ),
                    remedy=Text("corrigez cette valeur", "correct this value"),
                )
            )
    if faults:
        raise InputError(*faults)
