"""Made-up options and worlds for the tests of the waste answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from models.waste.answer.findings import Findings
from models.waste.answer.judged import DAYS_A_YEAR, FULL_DAYS, Judged
from models.waste.settings import Settings
from twin.decide.precision import Stop, Why
from twin.lang import Lang, Text
from twin.scenario import Option, Scenario
from twin.study.conduct import Run
from twin.study.rules import Verdict
from twin.study.store import Store
from twin.workspace import Workspace

STREAM = {
    "label": "verre",
    "label_en": "glass",
    "kg_per_inhabitant": 33.0,
    "density_kg_m3": 330.0,
    "container_m3": 4.0,
    "design_days": 30.0,
    "truck": {"payload_kg": 11_000.0, "volume_m3": 34.0},
}
GAINS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5)
"""Six worlds: how each departs from the mean."""


def made_option(
    name: str,
    *,
    kind: str = "prize",
    knowledge: str = "none",
    share: float = 0.0,
    link: str = "own",
    answers: bool = True,
) -> Option:
    """Return an option of one stream."""
    settings = Settings.model_validate(
        {
            "streams": {"glass": STREAM},
            "depots": Path("depots.csv"),
            "sensors": {"share": share, "link": link},
            "policy": {"kind": kind},
            "service": {"knowledge": knowledge},
        }
    )
    return Option(name, Text(f"option {name}", f"choice {name}"), {"waste": settings}, answers)


def made_judged(option: Option, kpis: Mapping[str, Sequence[float]]) -> Judged:
    """Return an option with these values by world, the same for its stream."""
    series = {
        (kpi, zone): dict(enumerate(values))
        for kpi, values in kpis.items()
        for zone in ("", "glass")
    }
    return Judged(option, series)


def year(
    total_eur: float,
    *,
    full_days: float = 4.0,
    km: float = 90_000.0,
    sensors: float = 0.0,
    spread: float = 100.0,
    worlds: int = len(GAINS),
) -> dict[str, list[float]]:
    """Return every indicator the page reads; worlds depart by `spread` euros, options by less."""
    sensor_eur = 60.0 * sensors
    gains = GAINS[:worlds]
    # Options do not swing quite alike, or every gap would have no spread at all.
    own = [spread * gain + (total_eur % 7.0) * gain * gain for gain in gains]
    days = [full_days + 0.1 * gain for gain in gains]
    found = {
        "total_eur": [total_eur + each for each in own],
        "operation_eur": [total_eur - sensor_eur + each for each in own],
        "sensor_eur": [sensor_eur for _ in gains],
        "drive_eur": [0.6 * total_eur for _ in gains],
        "crew_eur": [0.3 * total_eur for _ in gains],
        "clean_eur": [0.1 * total_eur for _ in gains],
        "km": [km + 10.0 * gain + (km % 11.0) * gain * gain for gain in gains],
        "bound_km": [20_000.0 for _ in gains],
        "stops": [2_000.0 for _ in gains],
        "hours": [1_500.0 for _ in gains],
        "fuel_l": [0.5 * km for _ in gains],
        "co2_t": [0.5 * km * 3.1 / 1e3 for _ in gains],
        "fill": [0.6 for _ in gains],
        "sensors": [sensors for _ in gains],
        "sensor_other_eur": [40.0 for _ in gains],
        "sensor_price_per_year": [0.16 for _ in gains],
        "full_share": [each / DAYS_A_YEAR for each in days],
        FULL_DAYS: days,
    }
    if sensors:
        found["read_share"] = [0.95 for _ in gains]
    return found


def made_findings(scenario: Scenario, options: Sequence[Judged], folder: Path) -> Findings:
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
        command="run.py study waste.toml",
        durations_s={},
    )
    return Findings(run, {each.id: each for each in options}, ())


def usual_options() -> list[Judged]:
    """Return a study in which a better calendar saves, planning saves more, sensors cost more."""

    def one(
        name: str,
        total_eur: float,
        km: float,
        *,
        kind: str = "prize",
        knowledge: str = "driver",
        share: float = 0.0,
        answers: bool = True,
        full_days: float = 4.0,
    ) -> Judged:
        option = made_option(name, kind=kind, knowledge=knowledge, share=share, answers=answers)
        return made_judged(
            option, year(total_eur, km=km, sensors=1_000.0 * share, full_days=full_days)
        )

    return [
        one("current", 100_000.0, 90_000.0, kind="current", knowledge="none", answers=False),
        one("calendar", 90_000.0, 80_000.0, kind="calendar", knowledge="none"),
        one("planned", 82_000.0, 70_000.0, knowledge="none"),
        one("driver", 80_000.0, 68_000.0),
        one("sensors-25", 84_000.0, 66_000.0, share=0.25),
        one("sensors-100", 110_000.0, 64_000.0, share=1.0),
        one("threshold", 79_000.0, 60_000.0, kind="threshold", full_days=9.0),
        one("perfect", 70_000.0, 60_000.0, knowledge="levels", answers=False),
    ]
