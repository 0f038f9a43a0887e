"""`run.py isolate NETWORK.inp --pipe P`: which valves to close, and who is then without water.

With `--json` the keys are: `file`, `pipes`, `nodes`, `valves_in_all`, `segments_in_all`, `close`
(list of `link`, `node`), `inside` and `cut_off` (node ids), `links`, `people`, `people_in_all`,
`running_h`, `dry_h`, `people_hours`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.water.disasters.isolation import Isolation
    from models.water.disasters.segments import Segments
    from models.water.network.network import Floats, Network

L_PER_PERSON_DAY = 148.0
"""Drawn in the Indre, litres a person and day [V]: demand over this gives people."""

RULES = ("all", "all-but-one", "ends")


def isolate(
    network: Annotated[Path, typer.Argument(help=say("fichier EPANET .inp", "EPANET .inp file"))],
    *,
    pipe: Annotated[
        list[str] | None,
        typer.Option(
            "--pipe",
            help=say("conduite à isoler, répétable", "link to shut off, may be repeated"),
            show_default=False,
        ),
    ] = None,
    node: Annotated[
        list[str] | None,
        typer.Option(
            "--node",
            help=say("nœud pollué à isoler, répétable", "polluted node to shut off, repeatable"),
            show_default=False,
        ),
    ] = None,
    valves: Annotated[
        Path | None,
        typer.Option(
            "--valves",
            help=say("CSV des vannes : link, node", "CSV of valves: link, node"),
            show_default=False,
        ),
    ] = None,
    rule: Annotated[
        str,
        typer.Option(
            "--rule",
            help=say(
                "vannes supposées : all, all-but-one ou ends",
                "valves assumed: all, all-but-one or ends",
            ),
        ),
    ] = "all-but-one",
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Isoler une conduite : vannes à fermer, nœuds et habitants sans eau, durée."""
    _check(pipe, node, rule)
    from models.water.disasters.isolation import isolate as shut_off
    from models.water.disasters.segments import find_segments
    from models.water.disasters.valve_table import read_valves
    from models.water.disasters.valves import default_valves
    from models.water.network.read import read_network
    from models.water.sectors.faults import links_named, nodes_named

    read = read_network(network)
    links, nodes = links_named(read, pipe or (), "--pipe"), nodes_named(read, node or (), "--node")
    placed = default_valves(read, rule) if valves is None else read_valves(valves, read)  # type: ignore[arg-type]
    segments, people = find_segments(read, placed), _people(read)
    found = shut_off(read, segments, people, links=links, nodes=nodes)
    if as_json:
        content = {
            "file": network.name,
            "pipes": list(pipe or ()),
            "nodes": list(node or ()),
            **_report(read, segments, found),
            "people_in_all": float(people.sum()),
        }
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
        return
    for line in _sentences(read, segments, found, people, lang):
        typer.echo(line)


def _check(pipe: list[str] | None, node: list[str] | None, rule: str) -> None:
    from twin.errors import Fault, InputError

    faults = []
    if not pipe and not node:
        text = Text("une conduite ou un nœud", "a link or a node")
        remedy = Text("ajouter --pipe NOM ou --node NOM", "add --pipe NAME or --node NAME")
        faults.append(Fault(text, remedy, key="--pipe, --node"))
    if rule not in RULES:
        text = Text(f"une règle parmi {', '.join(RULES)}", f"one of {', '.join(RULES)}")
        remedy = Text("ou donner --valves", "or give --valves")
        faults.append(Fault(text, remedy, key="--rule", value=rule))
    if faults:
        raise InputError(*faults)


def _people(network: Network) -> Floats:
    """Return people by node: what the mean demand of the file would serve."""
    import numpy as np

    from models.water.sectors.supply import sums

    demands, scale = network.demands, network.options.demand_multiplier
    mean = np.array([pattern.values.mean() for pattern in network.patterns] or [1.0])
    factor = np.where(demands.pattern >= 0, mean[demands.pattern], 1.0)
    m3_per_day = np.maximum(demands.base_m3s * factor * scale, 0.0) * 86_400.0
    people = sums(demands.node, m3_per_day, len(network.nodes)) * 1000.0 / L_PER_PERSON_DAY
    return np.asarray(people)


def _report(network: Network, segments: Segments, found: Isolation) -> dict[str, object]:
    ids, links = network.nodes.ids, network.links.ids
    valves = segments.valves
    return {
        "valves_in_all": len(valves),
        "segments_in_all": segments.count,
        "close": [
            {"link": links[valves.link[at]], "node": ids[valves.node[at]]} for at in found.valves
        ],
        "inside": [ids[at] for at in found.inside],
        "cut_off": [ids[at] for at in found.cut_off],
        "links": [links[at] for at in found.links],
        "people": found.people,
        "running_h": found.running_h,
        "dry_h": found.dry_h,
        "people_hours": found.people_hours,
    }


def _sentences(
    network: Network, segments: Segments, found: Isolation, people: Floats, lang: Lang
) -> Iterator[str]:
    """Yield the summary line by line."""
    from models.water.sectors.faults import listed
    from twin.report.typography import number, spaced, with_unit

    ids, links, valves = network.nodes.ids, network.links.ids, segments.valves
    shut = [f"{links[valves.link[at]]}/{ids[valves.node[at]]}" for at in found.valves]
    dry = [ids[at] for at in found.without_water]
    hit, total = number(found.people, 0, lang), number(float(people.sum()), 0, lang)
    runs = with_unit(number(found.running_h, 2, lang), "h")
    lasts = with_unit(number(found.dry_h, 2, lang), "h")
    for line in (
        Text(
            f"fermer {len(shut)} vanne(s) sur {len(valves)} (conduite/nœud) : {', '.join(shut)}",
            f"close {len(shut)} valve(s) of {len(valves)} (link/node): {', '.join(shut)}",
        ),
        Text(
            f"{len(dry)} nœud(s) sans eau, dont {found.cut_off.size} hors du tronçon isolé : "
            f"{listed(dry)}",
            f"{len(dry)} node(s) without water, {found.cut_off.size} of them outside the segment: "
            f"{listed(dry)}",
        ),
        Text(
            f"{hit} habitants sans eau sur {total} (d'après les demandes du fichier)",
            f"{hit} people without water of {total} (after the file's demands)",
        ),
        Text(
            f"la fuite coule {runs} avant la fermeture ; {lasts} sans eau (durées supposées)",
            f"the leak runs {runs} until the valves are closed; {lasts} without water (assumed)",
        ),
    ):
        yield spaced(line.say(lang), lang)
