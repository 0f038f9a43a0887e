"""A year of the sun in words: a line a month, and the hours of light due."""

from __future__ import annotations

from datetime import datetime

from models.lighting.sun.year import Day, SunYear
from twin.lang import Lang, Text, same
from twin.report.typography import MONTHS, number

MIDDLE = 15
"""The day of each month that stands for it."""


def lines(told: SunYear, lang: Lang) -> list[str]:
    """Return what a person reads."""
    found = [
        Text(
            "seuil {threshold}° : aube et crépuscule du soir, heure locale, le 15 de chaque mois",
            "threshold {threshold}°: dawn and dusk, local time, on the 15th of each month",
        )
        .format(threshold=number(told.threshold_deg, 4, lang))
        .say(lang)
    ]
    for day in told.days:
        if day.date.day == MIDDLE:
            month = MONTHS[day.date.month - 1].say(lang)
            found.append(
                f"  {month:<10} {_clock(day.dawn_local, lang)}  {_clock(day.dusk_local, lang)}"
            )
    missing = sum(_passes(day) for day in told.days)
    if missing:
        text = Text(
            "{days} jours sans passage du seuil", "{days} days on which the sun does not pass"
        )
        found.append(text.format(days=missing).say(lang))
    hours = Text(
        "nuit de {year} : {hours} h du soir à l'aube",
        "night of {year}: {hours} h from dusk to dawn",
    )
    found.append(hours.format(year=told.year, hours=number(told.burn_hours, 2, lang)).say(lang))
    return found


def _passes(day: Day) -> bool:
    return day.dawn_utc is None or day.dusk_utc is None


def _clock(moment: datetime | None, lang: Lang) -> str:
    return same("  —     ").say(lang) if moment is None else moment.strftime("%H:%M:%S")
