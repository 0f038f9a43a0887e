"""`run.py hydraulics NETWORK.inp`: heads, pressures and flows of a network over time.

With `--json` the keys are: `file`, `engine` (who solved), `refused` (what the batched engine does
not take, when it was asked for and EPANET solved; else null), `nodes`, `links`, `rules`,
`times_h`, `heads_m`, `pressures_m`, `consumed_m3h`, `leaks_m3h` (by node id, a list with one value
a time), `flows_m3h` (by link id), `warnings` (list of `kind`, `message`, `first_h`, `times`,
`names` (worst first), `worst`) and `ledger` (`unit`, `opening`, `entered` and `left` by cause,
`stored`, `gap`).
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.water.epanet.trouble import Notice
    from models.water.hydraulics import EngineName, HydraulicRun

ENGINES = ("epanet", "batched")
LONGEST_H = 10 * 8_784.0
STEP_MINUTES = (1, 1_440)


def hydraulics(
    network: Annotated[Path, typer.Argument(help=say("fichier EPANET .inp", "EPANET .inp file"))],
    *,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help=say(
                "epanet, ou batched (par lots ; EPANET prend ce qu'il refuse)",
                "epanet, or batched (EPANET takes what it refuses)",
            ),
        ),
    ] = "epanet",
    leaks: Annotated[
        Path | None,
        typer.Option(
            "--leaks",
            help=say(
                "CSV de fuites : id, node, flow_m3h et pressure_m, start_h, end_h",
                "CSV of leaks: id, node, flow_m3h and pressure_m, start_h, end_h",
            ),
            show_default=False,
        ),
    ] = None,
    step_minutes: Annotated[
        int, typer.Option("--step-minutes", help=say("pas des résultats", "step of the results"))
    ] = 60,
    hours: Annotated[
        float | None,
        typer.Option(
            "--hours",
            help=say("durée ; sinon celle du fichier", "duration; the file's own otherwise"),
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Un réseau EPANET dans le temps : charges, pressions, débits, fuites, bilan."""
    _check(engine, step_minutes, hours)
    from models.water.epanet.leak_table import read_leaks
    from models.water.hydraulics import EngineName
    from models.water.network.read import read_network

    listed = () if leaks is None else read_leaks(leaks, read_network(network))
    duration_s = None if hours is None else round(hours * 3600.0)
    run, refused = _solved(
        network, EngineName(engine), leaks=listed, step_s=60 * step_minutes, duration_s=duration_s
    )
    if as_json:
        content = _report(run, refused, network, lang)
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
        return
    for line in _sentences(run, refused, network, lang):
        typer.echo(line)


def _solved(network: Path, engine: EngineName, **asked: object) -> tuple[HydraulicRun, Text | None]:
    """Return the run, and what the batched engine refused where EPANET had to solve."""
    from models.water.hydraulics import EngineName, run_hydraulics
    from twin.errors import InputError

    try:
        return run_hydraulics(network, engine=engine, **asked), None  # type: ignore[arg-type]
    except InputError as refusal:
        # Known by name: the class lives with the batched engine, which EPANET does without.
        if engine is EngineName.EPANET or type(refusal).__name__ != "NotBatched":
            raise
        said = Text(refusal.say(Lang.FR), refusal.say(Lang.EN))
        return run_hydraulics(network, **asked), said  # type: ignore[arg-type]


def _check(engine: str, step_minutes: int, hours: float | None) -> None:
    """Raise an InputError with every option out of bounds."""
    from twin.errors import Fault, InputError

    low, high = STEP_MINUTES
    faults = [
        Fault(key=key, value=value, expected=expected, remedy=remedy)
        for key, value, sound, expected, remedy in (
            (
                "--engine",
                engine,
                engine in ENGINES,
                Text("epanet ou batched", "epanet or batched"),
                Text("--engine epanet résout tout", "--engine epanet solves everything"),
            ),
            (
                "--step-minutes",
                str(step_minutes),
                low <= step_minutes <= high,
                Text(f"de {low} à {high} minutes", f"{low} to {high} minutes"),
                Text("donner 15 ou 60", "give 15 or 60"),
            ),
            (
                "--hours",
                f"{hours}",
                hours is None or 0.0 <= hours <= LONGEST_H,
                Text(f"de 0 à {LONGEST_H:.0f} heures", f"0 to {LONGEST_H:.0f} hours"),
                Text("24 pour un jour, 8760 pour un an", "24 for a day, 8760 for a year"),
            ),
        )
        if not sound
    ]
    if faults:
        raise InputError(*faults)


def _report(run: HydraulicRun, refused: Text | None, file: Path, lang: Lang) -> dict[str, object]:
    """Return what a program needs."""
    nodes, links = run.network.nodes.ids, run.network.links.ids
    hour_s = 3600.0
    ledger = run.ledger
    return {
        "file": file.name,
        "engine": run.engine,
        "refused": None if refused is None else refused.say(lang),
        "nodes": len(nodes),
        "links": len(links),
        "rules": run.network.rules,
        "times_h": (run.times_s / hour_s).tolist(),
        "heads_m": dict(zip(nodes, run.heads_m.T.tolist(), strict=True)),
        "pressures_m": dict(zip(nodes, run.pressures_m.T.tolist(), strict=True)),
        "flows_m3h": dict(zip(links, (run.flows_m3s.T * hour_s).tolist(), strict=True)),
        "consumed_m3h": dict(zip(nodes, (run.consumed_m3s.T * hour_s).tolist(), strict=True)),
        "leaks_m3h": dict(zip(nodes, (run.leaks_m3s.T * hour_s).tolist(), strict=True)),
        "warnings": [
            {
                "kind": first.kind.value,
                "message": first.say().say(lang),
                "first_h": first.time_s / hour_s,
                "times": times,
                "names": list(first.names),
                "worst": first.worst if math.isfinite(first.worst) else None,
            }
            for first, times in _grouped(run)
        ],
        "ledger": {
            "unit": ledger.unit,
            "opening": ledger.opening,
            "entered": ledger.entered,
            "left": ledger.left,
            "stored": ledger.stored,
            "gap": ledger.gap(),
        },
    }


def _grouped(run: HydraulicRun) -> list[tuple[Notice, int]]:
    """Return one notice a kind, its worst (the first where no figure tells), and how many times."""
    groups: dict[str, list[Notice]] = {}
    for notice in run.notices:
        # Each leak out of the period is told by its own name.
        key = notice.kind.value + (notice.names[0] if notice.kind.value == "leak_outside" else "")
        groups.setdefault(key, []).append(notice)
    worst_first = [
        min(group, key=lambda n: n.worst if math.isfinite(n.worst) else math.inf)
        for group in groups.values()
    ]
    return [(first, len(group)) for first, group in zip(worst_first, groups.values(), strict=True)]


def _sentences(run: HydraulicRun, refused: Text | None, file: Path, lang: Lang) -> Iterator[str]:
    """Yield the summary line by line."""
    from models.water.epanet.trouble import clock, some
    from models.water.hydraulics import worst_nodes
    from twin.report.typography import number, spaced, with_unit

    def told(text: Text) -> str:
        return spaced(text.say(lang), lang)

    network = run.network
    yield told(
        Text(
            f"{file.name} : {len(network.nodes)} nœuds, {len(network.links)} tronçons, "
            f"{number(network.length_km, 1, Lang.FR)} km ; moteur {run.engine}",
            f"{file.name}: {len(network.nodes)} nodes, {len(network.links)} links, "
            f"{number(network.length_km, 1, Lang.EN)} km; engine {run.engine}",
        )
    )
    if refused is not None:
        head = Text("le moteur par lots refuse :", "the batched engine refuses:")
        yield told(head)
        yield from (f"  {spaced(line, lang)}" for line in refused.say(lang).splitlines())
    last_h = clock(float(run.times_s[-1]))
    count = len(run.times_s)
    yield told(Text(f"de 0:00 à {last_h}, {count} instants", f"0:00 to {last_h}, {count} times"))
    for name, pressure in worst_nodes(run):
        shown = with_unit(number(pressure, 1, lang), "m")
        yield told(Text(f"  pression la plus basse {name} : {shown}",
                        f"  lowest pressure {name}: {shown}"))  # fmt: skip
    yield ""
    yield from _ledger_lines(run, lang)
    for first, times in _grouped(run):
        yield ""
        sentence = first.say()
        yield told(Text(f"avis : {sentence.fr}", f"notice: {sentence.en}"))
        names, at = some(first.names), clock(first.time_s)
        yield told(
            Text(
                f"  {times} instant(s) ; au pire à {at} : {names}",
                f"  {times} time(s); worst at {at}: {names}",
            )
        )


_CAUSES = {
    "produced": Text("produit", "produced"),
    "drawn in by leaks": Text("aspiré par les fuites", "drawn in by leaks"),
    "rounded at empty tanks": Text("arrondi aux réservoirs vides", "rounded at empty tanks"),
    "seeped in through closed links": Text(
        "entré par des tronçons fermés", "seeped in through closed links"
    ),
    "consumed": Text("consommé", "consumed"),
    "leaked": Text("perdu par les fuites", "leaked"),
    "returned to reservoirs": Text("rendu aux bâches", "returned to reservoirs"),
    "spilled and rounded at full tanks": Text(
        "débordé ou arrondi aux réservoirs pleins", "spilled and rounded at full tanks"
    ),
    "seeped out through closed links": Text(
        "sorti par des tronçons fermés", "seeped out through closed links"
    ),
}


def _ledger_lines(run: HydraulicRun, lang: Lang) -> Iterator[str]:
    """Yield the volumes that count for something, then what tanks gained."""
    from twin.report.typography import number, with_unit

    ledger = run.ledger
    shown_m3 = 0.05
    for side in (ledger.entered, ledger.left):
        for cause, volume in side.items():
            if cause in ("produced", "consumed") or volume >= shown_m3:
                label = _CAUSES.get(cause, Text(cause, cause)).say(lang)
                yield f"{label:<40} {with_unit(number(volume, 1, lang), 'm³'):>16}"
    gained = (ledger.stored or 0.0) - ledger.opening
    label = Text("gagné par les réservoirs", "gained by tanks").say(lang)
    yield f"{label:<40} {with_unit(number(gained, 1, lang, signed=True), 'm³'):>16}"
