"""`run.py leak-signatures NETWORK.inp`: what a leak at each node does to pressures and flows.

With `--json` the keys are: `file`, `hour`, `nodes`, `links` (ids, the order of what follows),
`heads_m`, `flows_m3h` (without leak) and `leaks`, a list of `node`, `asked_m3h`, `leak_m3h`,
`pressure_m` (before), `dh_m` (by node) and `dq_m3h` (by link).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.water.batched.signatures import Signatures
    from models.water.network.network import Network

LARGEST_M3H = 1_000.0
LAST_HOUR = 10 * 8_784
SHOWN = 20
_PER_HOUR = 3600.0


def leak_signatures(
    network: Annotated[Path, typer.Argument(help=say("fichier EPANET .inp", "EPANET .inp file"))],
    *,
    flow: Annotated[
        float,
        typer.Option(
            "--flow",
            help=say(
                "débit de la fuite à la pression sans elle, m3/h",
                "flow of the leak at the pressure without it, m3/h",
            ),
        ),
    ] = 2.2,
    nodes: Annotated[
        str,
        typer.Option(
            "--nodes",
            help=say(
                "nœuds, séparés par des virgules ; sinon tous", "nodes, by commas; all otherwise"
            ),
            show_default=False,
        ),
    ] = "",
    hour: Annotated[
        int, typer.Option("--hour", help=say("heure des modulations", "hour of the patterns"))
    ] = 0,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """La signature d'une fuite : ce qu'elle change aux pressions et aux débits, nœud par nœud."""
    _check(flow, hour)
    from models.water.batched.signatures import leak_signatures as signatures_of
    from models.water.network.read import read_network

    read = read_network(network)
    found = signatures_of(read, _positions(read, nodes), leak_m3h=flow, hour=hour)
    if as_json:
        content = _report(read, found, network, flow, hour)
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
        return
    for line in _sentences(read, found, flow, lang):
        typer.echo(line)


def _check(flow: float, hour: int) -> None:
    from twin.errors import Fault, InputError

    faults = []
    if not 0.0 < flow <= LARGEST_M3H:
        faults.append(
            Fault(
                key="--flow",
                value=f"{flow:g}",
                expected=Text(
                    f"plus de 0 et au plus {LARGEST_M3H:.0f} m3/h",
                    f"above 0 and at most {LARGEST_M3H:.0f} m3/h",
                ),
                remedy=Text(
                    "2,2 pour une fuite qu'on ne signale pas", "2.2 for an unreported leak"
                ),
            )
        )
    if not 0 <= hour <= LAST_HOUR:
        faults.append(
            Fault(
                key="--hour",
                value=str(hour),
                expected=Text(f"de 0 à {LAST_HOUR}", f"0 to {LAST_HOUR}"),
                remedy=Text("3 pour le creux de la nuit", "3 for the lowest of the night"),
            )
        )
    if faults:
        raise InputError(*faults)


def _positions(network: Network, nodes: str) -> list[int] | None:
    """Return the positions of named nodes; None for none named."""
    import difflib

    from twin.errors import Fault, InputError

    names = [name.strip() for name in nodes.split(",") if name.strip()]
    if not names:
        return None
    place = {name: at for at, name in enumerate(network.nodes.ids)}
    faults = []
    for name in names:
        if name not in place:
            near = difflib.get_close_matches(name, network.nodes.ids, n=3)
            remedy = Text("voir [JUNCTIONS] dans le fichier", "see [JUNCTIONS] in the file")
            if near:
                remedy = Text(
                    f"vouliez-vous {', '.join(near)} ?", f"did you mean {', '.join(near)}?"
                )
            expected = Text("un nœud du réseau", "a node of the network")
            faults.append(Fault(key="--nodes", value=name, expected=expected, remedy=remedy))
    if faults:
        raise InputError(*faults)
    return [place[name] for name in names]


def _report(
    network: Network, found: Signatures, file: Path, flow: float, hour: int
) -> dict[str, Any]:
    ids = network.nodes.ids
    pressure_m = found.heads_m - network.nodes.elevation_m
    return {
        "file": str(file),
        "hour": hour,
        "nodes": list(ids),
        "links": list(network.links.ids),
        "heads_m": found.heads_m.tolist(),
        "flows_m3h": (found.flows_m3s * _PER_HOUR).tolist(),
        "leaks": [
            {
                "node": ids[node],
                "asked_m3h": flow,
                "leak_m3h": float(found.leak_m3s[at]) * _PER_HOUR,
                "pressure_m": float(pressure_m[node]),
                "dh_m": found.dh_m[:, at].tolist(),
                "dq_m3h": (found.dq_m3s[:, at] * _PER_HOUR).tolist(),
            }
            for at, node in enumerate(found.node.tolist())
        ],
    }


def _sentences(network: Network, found: Signatures, flow: float, lang: Lang) -> Iterator[str]:
    import numpy as np

    from twin.report.typography import number, spaced

    ids = network.nodes.ids
    count = len(found.node)
    heading = Text(
        "{count} fuites de {flow} m³/h, une à la fois ; les {shown} qui se voient le plus",
        "{count} leaks of {flow} m³/h, one at a time; the {shown} most visible",
    )
    largest = -found.dh_m.min(axis=0, initial=0.0)
    order = np.argsort(-largest, kind="stable")[:SHOWN]
    told = heading.format(count=count, flow=number(flow, 1, lang), shown=len(order))
    yield spaced(told.say(lang), lang)
    line = Text(
        "  {node} : {leak} m³/h ; charge en baisse de {fall} m en {where}, {mean} m en moyenne",
        "  {node}: {leak} m³/h; head falls by {fall} m at {where}, {mean} m on average",
    )
    for at in order.tolist():
        told = line.format(
            node=ids[found.node[at]],
            leak=number(found.leak_m3s[at] * _PER_HOUR, 2, lang),
            fall=number(largest[at], 3, lang),
            where=ids[int(found.dh_m[:, at].argmin())],
            mean=number(-found.dh_m[:, at].mean(), 3, lang),
        )
        yield spaced(told.say(lang), lang)
