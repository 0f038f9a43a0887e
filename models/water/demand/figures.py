"""Every figure of the demand model, with its status, in one frozen object."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True)
class DemandFigures:
    """Figures of demand.

    Parameters
    ----------
    l_per_person_day
        Mean use of a resident over a year, absences included: 148 L (Indre) [V].
    night_l_per_person_h
        Use of a resident at home, 02 to 04 h: 6 % active times 10 L [U].
    night_event_l, day_event_l
        Mean volume of one use, at night and by day [U]; an event's volume is gamma of shape 2 [U].
    home_day_cv
        What one home's whole day varies by beyond its hours' own dice [U].
    zone_day_cv
        What a zone's days share (weather, a match, a market) [U]. Demands of many homes are
        correlated, so that their variance grows faster than their number (Magini and others 2008;
        Vertommen and others 2012) [V for the fact, U for the figure].
    people_per_home
        Occupants of a main home [U].
    second_share
        Share of the dwellings beyond main homes that are second homes; the rest stand empty [U].
    second_people
        Occupants of a second home in use [U].
    absent_share, absent_summer_share
        Share of main homes away in an ordinary week, and from 15 July to 20 August [U].
    garden_share
        Part of the year's use that goes outdoors, 1 May to 30 September [U].
    garden_homes_share
        Homes that have a garden to water [U].
    dry_year_sigma, dry_week_sigma
        Log-deviations of outdoor use: between years, between weeks [U].
    farm_summer_amplitude
        Animals drink 1 + a at the end of July and 1 - a in January [U].
    farm_event_l, industry_event_l, farm_day_cv, industry_day_cv
        As for homes [U].
    restricted_indoor, obeys_share
        Under a drought order: factor on indoor use, share of the homes that stop watering [U].

    Raises
    ------
    InputError
        A figure that is negative or not finite, or a share above 1.
    """

    l_per_person_day: float = 148.0
    night_l_per_person_h: float = 0.6
    night_event_l: float = 10.0
    day_event_l: float = 16.0
    home_day_cv: float = 0.35
    zone_day_cv: float = 0.05
    people_per_home: float = 2.1
    second_share: float = 0.4
    second_people: float = 2.5
    absent_share: float = 0.05
    absent_summer_share: float = 0.12
    garden_share: float = 0.06
    garden_homes_share: float = 0.7
    dry_year_sigma: float = 0.4
    dry_week_sigma: float = 0.5
    farm_summer_amplitude: float = 0.35
    farm_event_l: float = 50.0
    industry_event_l: float = 200.0
    farm_day_cv: float = 0.15
    industry_day_cv: float = 0.25
    restricted_indoor: float = 0.97
    obeys_share: float = 0.6

    def __post_init__(self) -> None:
        faults = []
        for field in fields(self):
            value = getattr(self, field.name)
            share = field.name.endswith(("_share", "_amplitude", "_indoor"))
            positive = field.name.endswith(("_event_l", "_day", "people_per_home"))
            most = 1.0 if share else math.inf
            if not (
                math.isfinite(value) and 0.0 <= value <= most and (value > 0.0 or not positive)
            ):
                faults.append(_fault(field.name, value, share=share))
        if self.absent_share >= 1.0 or self.absent_summer_share >= 1.0:
            faults.append(_fault("absent_share", 1.0, share=True))
        if 2.0 * self.night_l_per_person_h >= self.l_per_person_day:
            faults.append(_fault("night_l_per_person_h", self.night_l_per_person_h, share=False))
        if faults:
            raise InputError(*faults)


def _fault(key: str, value: float, *, share: bool) -> Fault:
    return Fault(
        key=f"demand.{key}",
        value=f"{value:g}",
        expected=Text("une part de 0 à 1", "a share of 0 to 1")
        if share
        else Text("un nombre fini, positif ou nul, plausible", "a plausible finite number >= 0"),
        remedy=Text("reprenez la valeur par défaut", "go back to the default value"),
    )
