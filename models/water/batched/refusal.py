"""What the batched solver does not take, said by name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.water.batched.constants import HEADLOSSES
from models.water.network.network import ControlKind, LinkKind, Network, NodeKind, PumpLaw
from twin.errors import Fault, InputError
from twin.lang import Text, same

EPANET_DOES = Text("EPANET le résout : --engine epanet", "EPANET solves it: --engine epanet")
MEND = Text("corriger le réseau", "mend the network")
_ACTIVE = (LinkKind.PRV, LinkKind.PSV, LinkKind.FCV)
_NAMED = 10


class NotBatched(InputError):  # noqa: N818 - it says what the network is
    """The network has something the batched solver does not take; each fault names it."""


def check_batched(network: Network) -> None:
    """Raise :class:`NotBatched` with everything that cannot be taken.

    Refused, and left to EPANET: simple controls that wait for the pressure of a junction, which act
    within a solution. Rules act between solutions and are no matter of a snapshot. Refused as ill
    formed: what EPANET refuses as well, or would solve by chance.
    """
    faults = [
        *_controls(network),
        *_options(network),
        *_pipes(network),
        *_pumps(network),
        *_valves(network),
        *_islands(network),
    ]
    if faults:
        raise NotBatched(*faults)


def _controls(network: Network) -> Iterator[Fault]:
    for control in network.controls:
        timed = control.kind in (ControlKind.TIME, ControlKind.CLOCK_TIME)
        if not timed and network.nodes.kind[control.node] == NodeKind.JUNCTION:
            link, node = network.links.ids[control.link], network.nodes.ids[control.node]
            yield Fault(
                key=f"LINK {link}",
                value=f"NODE {node}",
                expected=Text(
                    "une commande par l'heure ou par le niveau d'une cuve, non par la pression",
                    "a control by time or by the level of a tank, not by pressure",
                ),
                remedy=EPANET_DOES,
            )


def _options(network: Network) -> Iterator[Fault]:
    options = network.options
    if options.headloss not in HEADLOSSES:
        yield Fault(
            key="HEADLOSS", value=options.headloss, expected=same(", ".join(HEADLOSSES)),
            remedy=EPANET_DOES,
        )  # fmt: skip
    positive = {
        "EMITTER EXPONENT": options.emitter_exponent,
        "PRESSURE EXPONENT": options.pressure_exponent,
        "TRIALS": float(options.trials),
    }
    if options.pressure_dependent:
        positive["REQUIRED PRESSURE - MINIMUM PRESSURE"] = options.required_m - options.minimum_m
    for key, value in positive.items():
        if not value > 0.0:
            yield Fault(key=key, value=f"{value:g}", expected=same("> 0"), remedy=MEND)


def _pipes(network: Network) -> Iterator[Fault]:
    links = network.links
    checked = {
        "length_m": (links.length_m, network.pipes, Text("longueur > 0", "length > 0")),
        "diameter_m": (
            links.diameter_m,
            links.kind != LinkKind.PUMP,
            Text("diamètre > 0", "diameter > 0"),
        ),
        "roughness": (
            links.roughness,
            network.pipes & (network.options.headloss != "D-W"),
            Text("rugosité > 0", "roughness > 0"),
        ),
    }
    for key, (values, where, expected) in checked.items():
        for link in np.flatnonzero(where & ~(values > 0.0))[:_NAMED]:
            name = f"{LinkKind(links.kind[link]).name} {links.ids[link]}, {key}"
            yield Fault(key=name, value=f"{values[link]:g}", expected=expected, remedy=MEND)
    for link in np.flatnonzero(links.start == links.end)[:_NAMED]:
        yield Fault(
            key=f"{LinkKind(links.kind[link]).name} {links.ids[link]}",
            value=network.nodes.ids[links.start[link]],
            expected=Text("deux extrémités différentes", "two different ends"),
            remedy=MEND,
        )


def _pumps(network: Network) -> Iterator[Fault]:
    pumps = network.pumps
    for at, link in enumerate(pumps.link):
        law = PumpLaw(pumps.law[at])
        name = f"PUMP {network.links.ids[link]}"
        if law is PumpLaw.CUSTOM_CURVE:
            curve = network.curves[pumps.curve[at]]
            if len(curve.x) < 2 or not (np.diff(curve.y) < 0.0).all():  # noqa: PLR2004
                yield Fault(
                    key=name,
                    value=f"CURVE {curve.id}",
                    expected=Text(
                        "deux points ou plus, la hauteur décroissante",
                        "two points or more, head falling",
                    ),
                    remedy=MEND,
                )
        elif law is PumpLaw.POWER_FUNCTION and not (pumps.r[at] > 0.0 and pumps.n[at] > 0.0):
            yield Fault(
                key=name,
                value=f"r {pumps.r[at]:g}, n {pumps.n[at]:g}",
                expected=Text("h = h0 - r q^n avec r > 0, n > 0", "h = h0 - r q^n, r > 0, n > 0"),
                remedy=MEND,
            )
        elif law is PumpLaw.CONSTANT_POWER and not pumps.power_w[at] > 0.0:
            yield Fault(
                key=name, value=f"{pumps.power_w[at]:g} W", expected=same("> 0 W"), remedy=MEND
            )


def _valves(network: Network) -> Iterator[Fault]:
    links = network.links
    held: dict[int, str] = {}
    for link in np.flatnonzero(np.isin(links.kind, _ACTIVE)):
        kind = LinkKind(links.kind[link])
        name = f"{kind.name} {links.ids[link]}"
        ends = int(links.start[link]), int(links.end[link])
        fixed = [node for node in ends if network.nodes.kind[node] != NodeKind.JUNCTION]
        if fixed:
            yield Fault(
                key=name,
                value=network.nodes.ids[fixed[0]],
                expected=Text(
                    "une conduite entre la vanne et le réservoir",
                    "a pipe between the valve and the tank or reservoir",
                ),
                remedy=MEND,
            )
        if kind is LinkKind.FCV:
            continue
        node = ends[1] if kind is LinkKind.PRV else ends[0]
        if node in held:
            yield Fault(
                key=name,
                value=held[node],
                expected=Text(
                    f"une seule vanne qui tient la pression de {network.nodes.ids[node]}",
                    f"one valve only that holds the pressure of {network.nodes.ids[node]}",
                ),
                remedy=MEND,
            )
        held[node] = name
    for link in np.flatnonzero(links.kind == LinkKind.GPV):
        if links.curve[link] < 0:
            yield Fault(
                key=f"GPV {links.ids[link]}",
                expected=Text("une courbe de perte de charge", "a curve of head loss"),
                remedy=MEND,
            )


def _islands(network: Network) -> Iterator[Fault]:
    """Name junctions that no link joins to a reservoir or a tank, whatever its status."""
    label = np.arange(len(network.nodes))
    start, end = network.links.start, network.links.end
    while True:
        low = np.minimum(label[start], label[end])
        before = label.copy()
        np.minimum.at(label, start, low)
        np.minimum.at(label, end, low)
        label = label[label]
        if (label == before).all():
            break
    fed = np.zeros(len(network.nodes), dtype=np.bool_)
    fed[label[network.nodes.kind != NodeKind.JUNCTION]] = True
    alone = np.flatnonzero(~fed[label])
    if len(alone):
        named = ", ".join(network.nodes.ids[node] for node in alone[:_NAMED])
        more = "" if len(alone) <= _NAMED else f", ... ({len(alone)})"
        yield Fault(
            key="NODES",
            value=named + more,
            expected=Text(
                "des nœuds reliés à un réservoir ou une cuve",
                "nodes joined to a reservoir or a tank",
            ),
            remedy=MEND,
        )
