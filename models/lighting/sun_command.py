"""`run.py sun --lat --lon --year`: when the sun passes a threshold, and the hours of light due.

With `--json` the keys are: `lat_deg`, `lon_deg`, `height_m`, `year`, `threshold_deg`, `zone`,
`burn_hours` (dusk to dawn, within the calendar year of the zone) and `days`, a list of `date`,
`dawn_utc`, `dusk_utc`, `dawn_local`, `dusk_local` (ISO 8601, seconds; null where the sun does not
pass that day).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lighting.sun.year import SunYear

LOWEST_DEG, HIGHEST_DEG = -18.0, 10.0
"""Astronomical twilight; a sun that valley sides hide already."""


def sun(
    lat_deg: Annotated[
        float, typer.Option("--lat", help=say("latitude, degrés nord", "latitude, degrees north"))
    ],
    lon_deg: Annotated[
        float, typer.Option("--lon", help=say("longitude, degrés est", "longitude, degrees east"))
    ],
    year: Annotated[int, typer.Option("--year", help=say("année", "year"))],
    threshold_deg: Annotated[
        float,
        typer.Option(
            "--threshold-deg",
            help=say(
                "hauteur du centre du soleil à l'allumage : -0,8333 coucher, -6 crépuscule civil",
                "altitude of the sun's centre at switching: -0.8333 sunset, -6 civil twilight",
            ),
        ),
    ] = -0.8333,
    height_m: Annotated[
        float, typer.Option("--height-m", help=say("altitude, m", "height above sea, m"))
    ] = 0.0,
    zone: Annotated[
        str, typer.Option("--zone", help=say("fuseau de l'heure locale", "zone of local time"))
    ] = "Europe/Paris",
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Lever, coucher et durée d'éclairement d'une année, à la seconde."""
    _check(lat_deg, lon_deg, year, threshold_deg, zone)
    from models.lighting.sun.year import sun_year

    told = sun_year(lat_deg, lon_deg, height_m, year, threshold_deg, zone)
    if as_json:
        typer.echo(json.dumps(_content(told, zone), ensure_ascii=False, indent=2, allow_nan=False))
        return
    from models.lighting.sun.report import lines

    for line in lines(told, lang):
        typer.echo(line)


def _content(told: SunYear, zone: str) -> dict[str, Any]:
    return {
        "lat_deg": told.lat_deg,
        "lon_deg": told.lon_deg,
        "height_m": told.height_m,
        "year": told.year,
        "threshold_deg": told.threshold_deg,
        "zone": zone,
        "burn_hours": round(told.burn_hours, 4),
        "days": [
            {
                "date": day.date.isoformat(),
                "dawn_utc": _iso(day.dawn_utc),
                "dusk_utc": _iso(day.dusk_utc),
                "dawn_local": _iso(day.dawn_local),
                "dusk_local": _iso(day.dusk_local),
            }
            for day in told.days
        ],
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat(timespec="seconds"))


def _check(lat_deg: float, lon_deg: float, year: int, threshold_deg: float, zone: str) -> None:
    """Raise an InputError with everything that is wrong in what was asked."""
    from zoneinfo import available_timezones

    from models.lighting.place_faults import place_faults, wrong
    from twin.errors import InputError
    from twin.lang import same

    faults = place_faults(lat_deg, lon_deg, year)
    if not LOWEST_DEG <= threshold_deg <= HIGHEST_DEG:
        faults.append(wrong("--threshold-deg", str(threshold_deg), same("-18 … 10")))
    if zone not in available_timezones():
        known = Text("un fuseau (Europe/Paris)", "a time zone (Europe/Paris)")
        faults.append(wrong("--zone", zone, known))
    if faults:
        raise InputError(*faults)
