"""Made-up options, worlds and ground for the tests of the water answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.water.answer.findings import Findings, Ground
from models.water.answer.judged import WITH_CUSTOMERS, Judged
from models.water.answer.ranking import NextMeter
from models.water.answer.resilience import CommuneNetwork
from models.water.settings import Settings
from twin.decide.precision import Stop, Why
from twin.lang import Lang, Text
from twin.scenario import Option, Scenario
from twin.study.conduct import Run
from twin.study.rules import Verdict
from twin.study.store import Store
from twin.territory.communes import Commune
from twin.workspace import Workspace

GAINS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5)
"""Six worlds: how each departs from the mean."""
SERVICES = ("Nord", "Sud")
COMMUNES = ("36001", "36002", "36003")


def made_option(
    name: str,
    *,
    meters: int = 0,
    link: str = "own",
    reading: str = "manual",
    readings_per_year: int = 1,
    customers_link: str = "own",
    answers: bool = True,
    hazards: Mapping[str, Any] | None = None,
) -> Option:
    """Return an option of the water question."""
    settings = Settings.model_validate(
        {
            "districts": {"meters": meters, "link": link},
            "customers": {
                "reading": reading,
                "readings_per_year": readings_per_year,
                "link": customers_link,
            },
            "hazards": dict(hazards or {}),
        }
    )
    return Option(name, Text(f"option {name}", f"choice {name}"), {"water": settings}, answers)


def made_judged(option: Option, kpis: Mapping[str, Sequence[float]], share: float = 0.5) -> Judged:
    """Return an option with these values by world; services and communes share the volumes."""
    series = {(kpi, ""): dict(enumerate(values)) for kpi, values in kpis.items()}
    for zone in SERVICES:
        for kpi in ("yield", "threshold", "ilvnc", "ilp", "ilc", "ili"):
            series[kpi, zone] = dict(enumerate(kpis[kpi]))
        for kpi in ("km", "lost_m3"):
            series[kpi, zone] = {at: share * value for at, value in enumerate(kpis[kpi])}
    for code in COMMUNES:
        series["lost_m3", code] = {at: value / 3.0 for at, value in enumerate(kpis["lost_m3"])}
        if "smallest_m3h" in kpis:
            series["smallest_m3h", code] = dict(enumerate(kpis["smallest_m3h"]))
    return Judged(option, series)


def year(
    total_eur: float,
    *,
    lost_m3: float = 400_000.0,
    meters: int = 0,
    paid_eur: float = 200_000.0,
    spread: float = 100.0,
    worlds: int = len(GAINS),
) -> dict[str, list[float]]:
    """Return every indicator the page reads; worlds depart by `spread` euros, options by less."""
    gains = GAINS[:worlds]
    # Options do not swing quite alike, or every gap would have no spread at all.
    total = [total_eur + spread * gain + (total_eur % 7.0) * gain * gain for gain in gains]
    lost = [lost_m3 + 10.0 * gain + (lost_m3 % 11.0) * gain * gain for gain in gains]
    paid = [paid_eur + (paid_eur % 13.0) * gain for gain in gains]
    met = 1.0 - lost_m3 / 1_800_000.0
    found = {
        "total_eur": total,
        "paid_eur": paid,
        WITH_CUSTOMERS: [a + b for a, b in zip(total, paid, strict=True)],
        "produced_m3": [1_800_000.0 for _ in gains],
        "lost_m3": lost,
        "water_eur": [0.4 * each for each in lost],
        "unpaid_eur": [50_000.0 for _ in gains],
        "search_eur": [20_000.0 for _ in gains],
        "repair_eur": [90_000.0 for _ in gains],
        "districts_eur": [900.0 * meters for _ in gains],
        "customers_eur": [60_000.0 for _ in gains],
        "km": [700.0 for _ in gains],
        "meters": [float(meters) for _ in gains],
        "customer_meters": [11_000.0 for _ in gains],
        "customer_lost_m3": [0.6 * each for each in paid],
        "customer_days": [200.0 + gain for gain in gains],
        "forgiven_m3": [0.1 * each for each in paid],
        "unregistered_m3": [10_000.0 for _ in gains],
        "alerts": [500.0 for _ in gains],
        "next_day": [0.0 for _ in gains],
        "quarter": [0.3 for _ in gains],
        "run_days": [lost_m3 / 1_000.0 + gain for gain in gains],
        "searches": [10.0 + meters + gain for gain in gains],
        "urgent": [150.0 - gain for gain in gains],
        "false_alarms": [float(meters) for _ in gains],
        "seen_share": [min(meters / 60.0, 1.0) for _ in gains],
        "yield": [met + 0.001 * gain for gain in gains],
        "threshold": [0.66 for _ in gains],
        "ilvnc": [1.7 for _ in gains],
        "ilp": [lost_m3 / 255_500.0 for _ in gains],
        "ilc": [5.5 for _ in gains],
        "ili": [1.2 for _ in gains],
        "compliant": [1.0 if met >= 0.66 else 0.5 for _ in gains],
    }
    if meters:
        found["smallest_m3h"] = [0.4 + 0.01 * gain for gain in gains]
        found["read_share"] = [0.95 for _ in gains]
    return found


def made_findings(
    scenario: Scenario, options: Sequence[Judged], folder: Path, *, ground: bool = True
) -> Findings:
    """Return the findings of a made-up study: the first option was chosen before it."""
    worlds = len(options[0].series["total_eur", ""])
    run = Run(
        scenario=scenario,
        folder=folder,
        workspace=Workspace(folder, folder),
        store=Store(folder),
        recommended=options[0].id,
        verdict=Verdict(Stop(Why.FIXED, worlds)),
        lang=Lang.FR,
        command="run.py study water.toml",
        durations_s={},
    )
    return Findings(run, {each.id: each for each in options}, (), made_ground() if ground else None)


def made_ground() -> Ground:
    """Return three communes, a tower each, and forty meters."""
    names = ("Aigurande", "Aize", "Ambrault")
    communes = tuple(
        Commune(code, name, 1_000, "1", "CC", 20.0, 100.0, 150.0, 600_000.0 + 9_000.0 * at, 6.63e6)
        for at, (code, name) in enumerate(zip(COMMUNES, names, strict=True))
    )
    networks = tuple(
        CommuneNetwork(code, name, SERVICES[at % 2], 1_000.0, 30.0, stored, 5.0, 40.0, 900.0, 0.25)
        for at, (code, name, stored) in enumerate(
            zip(COMMUNES, names, (100.0, 350.0, 2_000.0), strict=True)
        )
    )
    meters = tuple(
        NextMeter(
            rank=at + 1,
            bundle=at + 1,
            insee=COMMUNES[at % 3],
            commune=names[at % 3],
            link=f"p{at}",
            x_m=600_000.0 + 9_000.0 * (at % 3),
            y_m=6.63e6 + 50.0 * at,
            opening=at < 3,
            km=30.0 - 0.5 * at,
            homes=400.0,
            yearly_eur=3_000.0 - 70.0 * at,
            held=tuple(count for count in (10, 20, 40) if at < count),
        )
        for at in range(40)
    )
    return Ground(communes, networks, meters, 900.0)


def usual_options() -> list[Judged]:
    """Return a study in which twenty meters cost least and radio spares customers much."""
    return [
        made_judged(made_option("today", answers=False), year(500_000.0)),
        made_judged(made_option("ten", meters=10), year(490_000.0, lost_m3=350_000.0, meters=10)),
        made_judged(
            made_option("twenty", meters=20), year(480_000.0, lost_m3=300_000.0, meters=20)
        ),
        made_judged(made_option("forty", meters=40), year(495_000.0, lost_m3=250_000.0, meters=40)),
        made_judged(
            made_option("twenty-ideal", meters=20, link="ideal", answers=False),
            year(478_000.0, lost_m3=298_000.0, meters=20),
        ),
        made_judged(
            made_option("twenty-none", meters=20, link="none", answers=False),
            year(518_000.0, meters=20),
        ),
        made_judged(
            made_option("car", reading="drive-by", readings_per_year=2, answers=False),
            year(520_000.0, paid_eur=150_000.0),
        ),
        radio(made_option("daily", reading="daily", answers=False), 550_000.0, 60_000.0),
        radio(made_option("hourly", reading="hourly", answers=False), 580_000.0, 30_000.0),
        radio(
            made_option("daily-ideal", reading="daily", customers_link="ideal", answers=False),
            548_000.0,
            57_000.0,
        ),
    ]


def radio(option: Option, total_eur: float, paid_eur: float) -> Judged:
    """Return an option whose customers are read by radio: nine frames in ten arrive."""
    told = year(total_eur, paid_eur=paid_eur)
    told |= {"customer_read": [0.9 for _ in GAINS], "next_day": [0.85 for _ in GAINS]}
    return made_judged(option, told)


def without_ground(findings: Findings) -> Findings:
    """Return the findings without map nor meters' list."""
    return replace(findings, ground=None)
