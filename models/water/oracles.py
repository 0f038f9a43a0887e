"""Known truths of water: losses, leaks, nights that are judged, indicators, the law."""

from __future__ import annotations

from collections.abc import Callable

from twin.lang import Text
from twin.oracle import Oracle

_FAVAD = "May 1994; van Zyl & Clayton 2007 (FAVAD), closed form, Cd 0.6"
_CUSUM = "published run lengths of a two-sided CUSUM, k 0.5, h 4 (Brook & Evans 1972)"
_DECREE = "decree 2012-97, CGCT D2224-5-1; worked by hand"
_WARSMANN = "law 2011-525, CGCT L2224-12-4 III bis; worked by hand"
_UARL = "Lambert et al. 1999, AQUA 48 (UARL)"


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of water."""
    return (*_leaks(), *_nights(), *_indicators(), *_bills())


def _row(
    name: str,
    what: Text,
    source: str,
    unit: str,
    expected: float,
    tolerance: float,
    compute: Callable[[], float],
) -> Oracle:
    return Oracle(f"water.{name}", what, source, unit, expected, tolerance, compute)


def _leaks() -> tuple[Oracle, ...]:
    orifice = "Torricelli, closed form: 0.6 x 1 cm² x sqrt(2 g 50 m)"
    gironde = "guide of the Gironde: 2.2 m³/h for a year"
    return (
        _row("leak.orifice", Text("trou de 1 cm² sous 50 m", "hole of 1 cm² under 50 m"),
             orifice, "L/s", 1.8793, 5e-5, _orifice_ls),
        _row("leak.favad", Text("FAVAD : 1 cm² et 5 mm²/m sous 50 m",
                                "FAVAD: 1 cm² and 5 mm²/m under 50 m"),
             _FAVAD, "L/s", 6.5774, 5e-5, _favad_ls),
        _row("leak.exponent", Text("son exposant N1", "its exponent N1"),
             _FAVAD, "1", 4.25 / 3.5, 1e-9, _favad_exponent),
        _row("leak.halved", Text("débit restant à pression moitié, N1 = 1,5",
                                 "flow left at half the pressure, N1 = 1.5"),
             "closed form: 0.5^1.5", "1", 0.5**1.5, 1e-9, _halved),
        _row("leak.hidden", Text("fuite cachée de 2,2 m³/h, un an",
                                 "hidden leak of 2.2 m³/h, a year"),
             gironde, "m³", 19_272.0, 0.5, lambda: _babe(2.2, 8_760.0, 0.0, 0.0)),
        _row("leak.burst", Text("casse de 12 m³/h, trois jours", "burst of 12 m³/h, three days"),
             _UARL, "m³", 864.0, 0.5, lambda: _babe(12.0, 24.0, 24.0, 24.0)),
        _row("leak.night_day", Text("facteur nuit-jour, 60 m de nuit et 40 m de jour, N1 = 1",
                                    "night-day factor, 60 m by night and 40 m by day, N1 = 1"),
             "closed form: 2 + 22 x 2/3", "h", 2.0 + 44.0 / 3.0, 1e-9, _night_day_h),
    )  # fmt: skip


def _nights() -> tuple[Oracle, ...]:
    known = {0.0: 167.7, 0.5: 26.6, 1.0: 8.38, 2.0: 3.34}
    runs = tuple(
        _row(f"cusum.shift_{shift:g}",
             Text(f"nuits avant l'alarme, hausse de {shift:g} écart(s) type(s)".replace(".", ","),
                  f"nights before the alarm, rise of {shift:g} deviation(s)"),
             f"{_CUSUM}; 0.2 % for the grid of the chain", "nuits", nights, 2e-3 * nights,
             lambda shift=shift: _run_length(shift))  # type: ignore[misc]
        for shift, nights in known.items()
    )  # fmt: skip
    window = Text("débit de 2 h à 4 h, de 100 à 103,4 m³", "flow from 2 to 4, from 100 to 103.4 m³")
    return (
        *runs,
        _row("night.window", window, "by hand: 3.4 m³ in 2 h", "m³/h", 1.7, 1e-9, _window_m3h),
    )


def _indicators() -> tuple[Oracle, ...]:
    return (
        _row("yield", Text("rendement : 1 000 habitants à 180 L/j, une fuite de 2,2 m³/h",
                           "yield: 1,000 people at 180 L/d, one leak of 2.2 m³/h"),
             "guide of the Gironde", "%", 77.3, 0.05, _yield_percent),
        _row("threshold", Text("seuil pour un ILC de 5 m³/km/j",
                               "threshold at an ILC of 5 m³/km/d"),
             _DECREE, "%", 66.0, 1e-9, lambda: _threshold_percent(5.0)),
        _row("threshold.cap", Text("seuil plafonné, ILC de 200", "capped threshold, ILC of 200"),
             _DECREE, "%", 85.0, 1e-9, lambda: _threshold_percent(200.0)),
        _row("ilp", Text("indice linéaire de pertes de l'Indre", "linear index of losses, Indre"),
             "217,000 people x 148 L/d + 10 %, 8,000 km, yield 75 %; worked by hand",
             "m³/km/j", 1.47, 0.005, _ilp),
    )  # fmt: skip


def _bills() -> tuple[Oracle, ...]:
    return (
        _row("warsmann.capped", Text("facture de 900 m³ pour 120 d'usage, attestation",
                                     "bill of 900 m³ for a usual 120, with a certificate"),
             _WARSMANN, "m³", 240.0, 0.0, lambda: _billed_m3(informed=True, certified=True)),
        _row("warsmann.due", Text("la même, prévenu, sans attestation",
                                  "the same, told, without certificate"),
             _WARSMANN, "m³", 900.0, 0.0, lambda: _billed_m3(informed=True, certified=False)),
    )  # fmt: skip


def _orifice_ls() -> float:
    from models.water.leaks.laws import orifice_m3s

    return 1e3 * float(orifice_m3s(1e-4, 50.0))


def _favad_ls() -> float:
    from models.water.leaks.laws import favad_coefficients, favad_m3s

    return 1e3 * float(favad_m3s(*favad_coefficients(1e-4, 5e-6), 50.0))


def _favad_exponent() -> float:
    from models.water.leaks.laws import favad_coefficients, favad_exponent

    return float(favad_exponent(*favad_coefficients(1e-4, 5e-6), 50.0))


def _halved() -> float:
    from models.water.leaks.laws import pressure_factor

    return float(pressure_factor(25.0, 50.0, [1.5])[0])


def _babe(flow_m3h: float, aware_h: float, located_h: float, repaired_h: float) -> float:
    from models.water.leaks.laws import babe_volume_m3

    return float(babe_volume_m3(flow_m3h, aware_h, located_h, repaired_h))


def _night_day_h() -> float:
    import numpy as np

    from models.water.leaks.laws import night_day_factor_h

    pressure = np.full(24, 40.0)
    pressure[[2, 3]] = 60.0
    return float(night_day_factor_h(pressure))


def _run_length(shift: float) -> float:
    from models.water.policies.run_length import average_run_length

    return float(average_run_length(shift, two_sided=True))


def _window_m3h() -> float:
    import numpy as np

    from models.water.policies.night_flow import window_flow_m3h

    return float(window_flow_m3h(np.array([[100.0, 101.0, 103.4]]), 1.0)[0])


def _yield_percent() -> float:
    from models.water.indicators.regulatory import yield_share
    from models.water.indicators.volumes import volumes_of

    used = 1000 * 0.180 * 365
    year = volumes_of(produced_m3=used + 2.2 * 24 * 365, metered_m3=used, mains_km=10.0)
    return 100.0 * float(yield_share(year))


def _threshold_percent(ilc: float) -> float:
    from models.water.indicators.threshold import threshold_share

    return 100.0 * float(threshold_share([ilc])[0])


def _ilp() -> float:
    from models.water.indicators.regulatory import losses_index
    from models.water.indicators.volumes import volumes_of

    used = 217_000 * 0.148 * 365 * 1.10
    return float(
        losses_index(volumes_of(produced_m3=used / 0.75, metered_m3=used, mains_km=8000.0))
    )


def _billed_m3(*, informed: bool, certified: bool) -> float:
    from models.water.metering.warsmann import abnormal_bill

    return float(abnormal_bill(900.0, 120.0, informed=informed, certified=certified).billed_m3)
