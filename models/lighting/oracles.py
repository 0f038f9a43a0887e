"""Known truths of lighting: the sun, hours of night, energy, failures and what detects them."""

from __future__ import annotations

from twin.lang import Text
from twin.oracle import Oracle

_REDA = "Reda & Andreas 2004, NREL/TP-560-34302, worked example, 17 Oct 2003, Denver"
_DE421 = "DE421 ephemeris, topocentric, recomputed for Châteauroux (46.81 N, 1.69 E)"
_EN = "EN 13201-5:2015, worked street of 6 m with footways, span 30 m"
_DENVER = (39.742476, -105.1786, 1830.14)
_CHATEAUROUX = (46.81, 1.69, 155.0)
_CIVIL_DEG, _RISING_DEG = -6.0, -0.8333
_HOURS, _QUIET_H = 4_292.81, 2_190.0


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of lighting."""
    return (*_sun(), *_hours(), *_energy(), *_village(), *_failures())


def _sun() -> tuple[Oracle, ...]:
    def position(fr: str, en: str, name: str, value: float) -> Oracle:
        return Oracle(
            f"lighting.sun.{name}", Text(f"{fr}, exemple du NREL", f"{en}, NREL's example"),
            _REDA, "°", value, 5e-7, lambda: _position(name),
        )  # fmt: skip

    def passage(fr: str, en: str, day: str, threshold: float, seconds: float) -> Oracle:
        return Oracle(
            f"lighting.sun.{en.split(maxsplit=1)[0]}.{day}",
            Text(f"{fr} à Châteauroux, {day}, UTC", f"{en} at Châteauroux, {day}, UTC"),
            _DE421, "s", seconds, 0.2, lambda: _passage_s(day, threshold, "dusk" in en),
        )  # fmt: skip

    return (
        position("zénith", "zenith", "zenith", 50.111622),
        position("azimut", "azimuth", "azimuth", 194.340241),
        Oracle(
            "lighting.sun.equation",
            Text("équation du temps, exemple du NREL", "equation of time, NREL's example"),
            _REDA, "min", 14.641511, 5e-7, _equation_min,
        ),
        passage("aube civile", "dawn (civil)", "2025-03-20", _CIVIL_DEG, 19_548.67),
        passage("crépuscule civil", "dusk (civil)", "2025-06-21", _CIVIL_DEG, 73_850.27),
    )  # fmt: skip


def _hours() -> tuple[Oracle, ...]:
    made = "computed by hand: 6 h x 365 nights"
    return (
        Oracle(
            "lighting.hours.night",
            Text("heures de nuit de 2025, Châteauroux", "hours of night of 2025, Châteauroux"),
            _DE421, "h", 4_292.8, 0.05, lambda: _night_h(_RISING_DEG),
        ),
        Oracle(
            "lighting.hours.civil",
            Text("les mêmes, au crépuscule civil", "the same, at civil twilight"),
            _DE421, "h", 3_883.8, 0.05, lambda: _night_h(_CIVIL_DEG),
        ),
        Oracle(
            "lighting.hours.off",
            Text("coupure de 23 h à 5 h, un an", "off from 23:00 to 05:00, one year"),
            made, "h", _QUIET_H, 1e-6, _off_h,
        ),
    )  # fmt: skip


def _energy() -> tuple[Oracle, ...]:
    def density(name: str, fr: str, en: str, value: float, quiet_w: float) -> Oracle:
        return Oracle(
            f"lighting.en13201.{name}", Text(f"D_E, {fr}", f"D_E, {en}"), _EN, "kWh/m²/an", value,
            5e-5, lambda: _led_density(quiet_w),
        )  # fmt: skip

    return (
        Oracle(
            "lighting.en13201.sodium_power",
            Text("D_P, sodium 115 W", "D_P, sodium 115 W"), _EN, "mW/lx/m²", 55.556, 5e-4,
            lambda: _power_density(115.0, sodium=True),
        ),
        Oracle(
            "lighting.en13201.led_power",
            Text("D_P, LED 36 W", "D_P, LED 36 W"), _EN, "mW/lx/m²", 19.704, 5e-4,
            lambda: _power_density(36.0, sodium=False),
        ),
        density("full", "LED en plein toute la nuit", "LED in full all night", 0.5724, 36.0),
        density("dimmed", "LED à 18,5 W de 23 h à 5 h", "LED at 18.5 W from 23 to 5", 0.4304, 18.5),
        density("off", "LED éteinte, veille 0,4 W", "LED off, 0.4 W of standby", 0.2836, 0.4),
    )  # fmt: skip


def _village() -> tuple[Oracle, ...]:
    source = "Écluzelles (Eure-et-Loir), 71 sodium points, metered; bar of the reference: 2 %"
    return (
        Oracle(
            "lighting.ecluzelles.all_night",
            Text("71 points toute la nuit, un an", "71 points all night, one year"),
            source, "kWh", 34_512.0, 0.02 * 34_512.0, _ecluzelles_kwh,
        ),
    )  # fmt: skip


def _failures() -> tuple[Oracle, ...]:
    renewal = "renewal theory: D/(L + D) and T/(L + D); tolerance of a step of two days"
    dark_days, life_days, span_days = 20.0, 3_652.5, 60.0 * 365.25
    share, failures = dark_days / (life_days + dark_days), span_days / (life_days + dark_days)
    return (
        Oracle(
            "lighting.failures.dark",
            Text("part du temps éteint, vie 10 ans, 15 jours d'appel et 5 de réparation",
                 "share of time dark, life 10 years, 15 days until a call and 5 of repair"),
            renewal, "%", 100.0 * share, 0.2 * share, lambda: 100.0 * _renewed()[0],
        ),
        Oracle(
            "lighting.failures.count",
            Text("pannes d'une lampe en 60 ans, vie moyenne 10 ans",
                 "failures of a lamp in 60 years, mean life 10 years"),
            renewal, "1", failures, 0.01 * failures, lambda: _renewed()[1],
        ),
    )  # fmt: skip


def _position(name: str) -> float:
    from datetime import datetime, timedelta, timezone

    from models.lighting.sun.position import sun_position

    when = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7))).timestamp()
    seen = sun_position(when, *_DENVER, pressure_hpa=820.0, temperature_c=11.0, delta_s=67.0)
    return float(seen.zenith_deg if name == "zenith" else seen.azimuth_deg)


def _equation_min() -> float:
    from datetime import datetime, timedelta, timezone

    from models.lighting.sun.ephemeris import equation_of_time_min, geocentric

    when = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7))).timestamp()
    return float(equation_of_time_min(geocentric(when, 67.0)))


def _passage_s(day: str, threshold_deg: float, dusk: bool) -> float:
    from datetime import UTC, datetime

    from models.lighting.sun.passages import crossings

    midnight_s = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    found = crossings(*_CHATEAUROUX, int(midnight_s // 86_400.0), 1, threshold_deg)
    return float((found.dusk_s if dusk else found.dawn_s)[0, 0]) - midnight_s


def _night_h(threshold_deg: float) -> float:
    from datetime import UTC, datetime

    from models.lighting.sun.burn import burn_hours
    from models.lighting.sun.passages import crossings

    day_s = 86_400.0
    first = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() // day_s)
    found = crossings(*_CHATEAUROUX, first - 2, 369, threshold_deg)
    return float(burn_hours(found, first * day_s, (first + 365) * day_s)[0])


def _off_h() -> float:
    from datetime import UTC, datetime

    from models.lighting.schedules.nights import nights_profile
    from models.lighting.schedules.presets import part_night
    from models.lighting.sun.passages import crossings

    schedule = part_night("23:00", "05:00")
    first = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() // 86_400.0)
    sun = crossings(*_CHATEAUROUX, first - 3, 372, schedule.threshold_deg)
    return float(nights_profile(schedule, sun, 2025).off_h[0])


def _power_density(watts: float, *, sodium: bool) -> float:
    from models.lighting.en13201.indicators import Part, power_density

    # Road of 6 m and two footways of 1.5 m over a span of 30 m: lux, then square metres.
    lit = (Part(9.0, 180.0), Part(5.0, 90.0)) if sodium else (Part(7.6, 180.0), Part(5.1, 90.0))
    return 1e3 * float(power_density(watts, lit))


def _led_density(quiet_w: float) -> float:
    from models.lighting.en13201.indicators import Part, Period, energy_density

    lit = (Part(7.6, 180.0), Part(5.1, 90.0))
    periods = [Period(_HOURS - _QUIET_H, 36.0), Period(_QUIET_H, quiet_w)]
    return float(energy_density(periods, lit)) / 1e3


def _ecluzelles_kwh() -> float:
    import numpy as np

    from models.lighting.demand.curves import Losses
    from models.lighting.demand.read_points import Fed, FedPoints
    from models.lighting.demand.tariff import Tariff
    from models.lighting.demand.year_bill import year_bill
    from models.lighting.schedules.presets import all_night

    points, sodium_w = 71, 113.0  # sodium 100 W with its ballast
    village = Fed("", np.array([points]), np.array([points * sodium_w]), np.zeros(1))
    fed = FedPoints(("village",), (village,), np.array([9.0]))
    told = year_bill(fed, {"": all_night()}, 2025, *_CHATEAUROUX[:2], Tariff(), Losses(0.0, 0.0))
    return float(told.bill.kwh.sum())


def _renewed() -> tuple[float, float]:
    """Return the share of time dark and the failures of a lamp over 60 years."""
    from models.lighting.failures.laws import Darkness, Life
    from models.lighting.failures.theory import expected

    span_days = 60.0 * 365.25
    told = expected(Life(3_652.5), Darkness(call_days=15.0), span_days, steady=True, step_days=2.0)
    return told.dark_days / span_days, told.failures
