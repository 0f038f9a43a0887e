"""All indicators of one service and year, with the verdict of the decree and what to be told."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.water.indicators import regulatory, threshold, unavoidable
from models.water.indicators.read_services import Services
from twin.lang import Lang, Text
from twin.report.typography import number, percent

_MOST_DECIMALS = 6


@dataclass(frozen=True)
class Assessment:
    """One service and year. Shares in fractions of 1, indices in m3 a km and day.

    `own_threshold_share` is 0.65 or 0.70 + 0.002 ILC, `threshold_share` the lower of it and 0.85.
    `ilp_ceiling_m3_km_day`, `uarl_m3_day` and `ili` are None where subscribers, connections or
    pressure are not given. `reason` says why it passes or not; `notices` what a reader must know
    besides.
    """

    service: str
    year: int
    supplied_m3: float
    authorised_m3: float
    losses_m3: float
    yield_share: float
    grade: threshold.Grade
    ilvnc_m3_km_day: float
    ilp_m3_km_day: float
    ilc_m3_km_day: float
    in_zre: bool
    own_threshold_share: float
    threshold_share: float
    passes: bool
    reason: Text
    ilp_ceiling_m3_km_day: float | None
    uarl_m3_day: float | None
    ili: float | None
    notices: tuple[Text, ...]


def assess(services: Services) -> list[Assessment]:
    """Return one assessment a row, in the file's order."""
    volumes = services.volumes
    shares = regulatory.yield_share(volumes)
    ilvnc, ilp = regulatory.uncounted_index(volumes), regulatory.losses_index(volumes)
    ilc = regulatory.consumption_index(volumes)
    zre = services.zre_withdrawn_m3
    own = threshold.required_share(ilc, zre)
    least = threshold.threshold_share(ilc, zre)
    passed = threshold.passes(shares, ilc, zre)
    ceiling = threshold.ilp_ceiling(services.subscribers / volumes.mains_km)
    uarl = unavoidable.uarl_m3_day(
        volumes.mains_km, services.connections, services.pressure_m, services.private_pipe_km
    )
    found = []
    for row in range(len(services)):
        unavoidable_m3_day = _known(uarl[row])
        losses_m3_day = float(volumes.losses_m3[row]) / volumes.days
        found.append(
            Assessment(
                service=services.names[row],
                year=int(services.years[row]),
                supplied_m3=float(volumes.supplied_m3[row]),
                authorised_m3=float(volumes.authorised_m3[row]),
                losses_m3=float(volumes.losses_m3[row]),
                yield_share=float(shares[row]),
                grade=threshold.grade(float(shares[row])),
                ilvnc_m3_km_day=float(ilvnc[row]),
                ilp_m3_km_day=float(ilp[row]),
                ilc_m3_km_day=float(ilc[row]),
                in_zre=bool(zre[row] > threshold.ZRE_M3),
                own_threshold_share=float(own[row]),
                threshold_share=float(least[row]),
                passes=bool(passed[row]),
                reason=_reason(float(shares[row]), float(own[row]), passes=bool(passed[row])),
                ilp_ceiling_m3_km_day=_known(ceiling[row]),
                uarl_m3_day=unavoidable_m3_day,
                ili=None if not unavoidable_m3_day else losses_m3_day / unavoidable_m3_day,
                notices=_notices(services, row, float(shares[row]), _known(ceiling[row]),
                                 float(ilp[row])),
            )
        )  # fmt: skip
    return found


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _decimals(share: float, own: float, *, passes: bool) -> int:
    """Return the fewest decimals that show a failing yield below what it is held against."""
    least = min(own, threshold.SUFFICIENT_SHARE)
    if passes:
        return 1
    apart = (
        n
        for n in range(1, _MOST_DECIMALS)
        if percent(share, decimals=n) != percent(least, decimals=n)
    )
    return next(apart, _MOST_DECIMALS)


def _reason(share: float, own: float, *, passes: bool) -> Text:
    """Return why a yield passes the decree or not."""
    decimals = _decimals(share, own, passes=passes)

    def say(lang: Lang) -> dict[str, str]:
        return {
            "met": percent(share, lang, decimals),
            "own": percent(own, lang, decimals),
            "most": percent(threshold.SUFFICIENT_SHARE, lang),
        }

    fr, en = say(Lang.FR), say(Lang.EN)
    if share >= threshold.SUFFICIENT_SHARE:
        return Text(
            "rendement de {met}, au moins {most}".format(**fr),
            "yield of {met}, at least {most}".format(**en),
        )
    if passes:
        return Text(
            "rendement de {met}, au moins le seuil propre de {own}".format(**fr),
            "yield of {met}, at least its own threshold of {own}".format(**en),
        )
    if own >= threshold.SUFFICIENT_SHARE:
        return Text(
            "rendement de {met}, sous {most}".format(**fr),
            "yield of {met}, below {most}".format(**en),
        )
    return Text(
        "rendement de {met}, sous {most} et sous le seuil propre de {own}".format(**fr),
        "yield of {met}, below {most} and below its own threshold of {own}".format(**en),
    )


def _notices(
    services: Services, row: int, share: float, ceiling: float | None, ilp: float
) -> tuple[Text, ...]:
    notices = []
    if share > 1.0:
        notices.append(
            Text(
                "rendement supérieur à 100 % : dates de relève, compteurs ou volumes estimés à "
                "vérifier",
                "yield above 100%: check dates of reading, meters or estimated volumes",
            )
        )
    if ceiling is not None and ilp > ceiling:
        fr, en = number(ceiling, 1, Lang.FR), number(ceiling, 1, Lang.EN)
        notices.append(
            Text(
                f"ILP au-dessus de {fr} m³/km/j, plafond usuel à cette densité d'abonnés",
                f"ILP above {en} m³/km/d, the usual ceiling at this density of subscribers",
            )
        )
    served, pressure = services.connections[row], services.pressure_m[row]
    given = math.isfinite(served) and math.isfinite(pressure)
    if given and not unavoidable.within_range(services.volumes.mains_km[row], served, pressure):
        notices.append(
            Text(
                "ILI indicatif : formule faite pour plus de 3000 branchements, 20 par km et 25 m "
                "de pression",
                "indicative ILI: the formula is meant for more than 3000 connections, 20 a km and "
                "25 m of pressure",
            )
        )
    return tuple(notices)
