"""What is wrong with a solution: what may not be used is raised, what may is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.codes import Status
from models.water.network.network import ControlKind, Floats, LinkKind, Network, NodeKind
from twin.errors import Fault, UnreachableError
from twin.lang import Text

MOST_NAMES = 5
VACUUM_M = -10.3
"""Gauge pressure of a vacuum, metres of water [V]."""


class UnsolvedError(UnreachableError):
    """EPANET has no solution that may be used: unbalanced, cut off, or toggling without end."""


class NoticeKind(StrEnum):
    """What a usable solution still has to be told of."""

    NEGATIVE_PRESSURE = "negative_pressure"
    UNSUPPLIED = "unsupplied"
    PUMP_OUT_OF_RANGE = "pump_out_of_range"
    VALVE_CANNOT_REGULATE = "valve_cannot_regulate"
    ILL_CONDITIONED = "ill_conditioned"
    LEAK_OUTSIDE = "leak_outside"
    TANK_BEYOND = "tank_beyond"


_SENTENCES = {
    NoticeKind.NEGATIVE_PRESSURE: Text(
        "pression négative : la demande dépasse ce que le réseau peut livrer ({worst} m au pire)",
        "negative pressure: the demand is beyond what the network can deliver ({worst} m at worst)",
    ),
    NoticeKind.UNSUPPLIED: Text(
        "demande mal servie faute de pression ({worst} % au pire)",
        "demand short of pressure ({worst}% met at worst)",
    ),
    NoticeKind.PUMP_OUT_OF_RANGE: Text(
        "pompe hors de sa courbe", "pump outside the range of its curve"
    ),
    NoticeKind.VALVE_CANNOT_REGULATE: Text(
        "vanne qui ne tient pas sa consigne", "valve that cannot hold its setting"
    ),
    NoticeKind.ILL_CONDITIONED: Text(
        "réseau mal conditionné : les charges de la première heure bougent de {worst} m quand le "
        "calcul est resserré cent fois, et davantage ensuite ; ne pas s'y fier au mètre près",
        "ill-conditioned network: the heads of its first hour move by {worst} m when the "
        "computation is tightened a hundredfold, and more later; do not trust them to the metre",
    ),
    NoticeKind.TANK_BEYOND: Text(
        "des réservoirs vides donnent encore {worst} m³ que rien ne leur apporte : le bilan tient "
        "par eux seuls",
        "empty tanks still give {worst} m³ that nothing brings them: the balance holds by them "
        "alone",
    ),
    NoticeKind.LEAK_OUTSIDE: Text(
        "fuite hors de la période calculée", "leak outside the period computed"
    ),
}
_BELOW_VACUUM = Text(
    "pression impossible ({worst} m au pire, plus bas que le vide) : la demande ne peut pas être "
    "livrée",
    "impossible pressure ({worst} m at worst, below a vacuum): the demand cannot be delivered",
)
_REMEDIES = {
    NoticeKind.NEGATIVE_PRESSURE: Text(
        "DEMAND MODEL PDA dans [OPTIONS] rend la demande dépendante de la pression",
        "DEMAND MODEL PDA in [OPTIONS] makes demand depend on pressure",
    ),
    NoticeKind.ILL_CONDITIONED: Text(
        "voir les pompes à puissance constante, les vannes et les pressions négatives",
        "look at constant-power pumps, valves and negative pressures",
    ),
}


@dataclass(frozen=True)
class Notice:
    """Something to tell of the solution at one time.

    `names` come worst first; `worst` is a pressure (m), a share of demand met (%), a shift of heads
    (m) or a volume (m3), by the kind; NaN where the kind has no figure.
    """

    kind: NoticeKind
    time_s: int
    names: tuple[str, ...]
    worst: float = float("nan")

    def say(self) -> Text:
        """Return the sentence, without names or time."""
        sentence = _SENTENCES[self.kind]
        if self.kind is NoticeKind.NEGATIVE_PRESSURE and self.worst < VACUUM_M:
            sentence = _BELOW_VACUUM
        text = sentence.format(worst=f"{self.worst:.3g}")
        remedy = _REMEDIES.get(self.kind)
        return (
            text if remedy is None else Text(f"{text.fr} ; {remedy.fr}", f"{text.en}; {remedy.en}")
        )


def clock(time_s: float) -> str:
    """Return a time from the start as hours and minutes: `26:05`."""
    return f"{int(time_s) // 3600}:{int(time_s) // 60 % 60:02}"


def some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" (+{more})" if more > 0 else "")


@dataclass(frozen=True, eq=False)
class State:
    """A solution as the solver left it, in SI and in the network's order.

    `status` is the solver's :class:`Status` by link; `demand_m3s` what consumers take by node,
    `wanted_m3s` what they ask for.
    """

    name: str
    time_s: int
    network: Network
    heads_m: Floats
    demand_m3s: Floats
    wanted_m3s: Floats
    status: NDArray[np.int8]

    @property
    def junctions(self) -> NDArray[np.bool_]:
        """Which nodes are junctions."""
        junctions: NDArray[np.bool_] = self.network.nodes.kind == NodeKind.JUNCTION
        return junctions


def notices_of(state: State, *, pressure_dependent: bool) -> tuple[Notice, ...]:
    """Return what a balanced solution has to be told of.

    Raises
    ------
    UnsolvedError
        Consumers without an open path to a source, under demands that do not depend on pressure.
    """
    found: list[Notice] = []
    network, ids = state.network, np.array(state.network.nodes.ids, dtype=object)
    if not pressure_dependent:
        raise_if_cut_off(state)
        pressure = state.heads_m - network.nodes.elevation_m
        below = np.flatnonzero(state.junctions & (pressure < 0.0) & (state.wanted_m3s > 0.0))
        if len(below):
            below = below[np.argsort(pressure[below], kind="stable")]
            names, worst = tuple(ids[below]), float(pressure[below[0]])
            found.append(Notice(NoticeKind.NEGATIVE_PRESSURE, state.time_s, names, worst))
    else:
        asked = np.flatnonzero(state.wanted_m3s > 0.0)
        met = state.demand_m3s[asked] / state.wanted_m3s[asked]
        short = met < 1.0 - 1e-6
        if short.any():
            order = np.argsort(met[short], kind="stable")
            names = tuple(ids[asked[short][order]])
            worst = float(met.min()) * 100.0
            found.append(Notice(NoticeKind.UNSUPPLIED, state.time_s, names, worst))
    links = np.array(network.links.ids, dtype=object)
    pumps = network.links.kind == LinkKind.PUMP
    lifting = pumps & np.isin(state.status, (Status.PUMP_CANNOT_LIFT, Status.PUMP_BEYOND_CURVE))
    valves = state.status >= Status.FLOW_NOT_DELIVERED
    for kind, where in (
        (NoticeKind.PUMP_OUT_OF_RANGE, lifting),
        (NoticeKind.VALVE_CANNOT_REGULATE, valves & (network.links.kind > LinkKind.PUMP)),
    ):
        if where.any():
            found.append(Notice(kind, state.time_s, tuple(links[where])))
    return tuple(found)


def raise_if_cut_off(state: State) -> None:
    """Raise UnsolvedError if consumers have no open path to a source, with their names.

    Sources are tanks, reservoirs and junctions that feed water in.
    """
    cut = cut_off(state.network, state.status > Status.CLOSED, state.wanted_m3s)
    dry = cut & (state.wanted_m3s > 0.0)
    if not dry.any():
        return
    network = state.network
    ids, links = network.nodes.ids, network.links
    border = (state.status <= Status.CLOSED) & (cut[links.start] != cut[links.end])
    closed = some([links.ids[i] for i in np.flatnonzero(border)]) or "-"
    level = state.heads_m[network.tanks.node] - network.nodes.elevation_m[network.tanks.node]
    empty = [ids[i] for i in network.tanks.node[level <= network.tanks.minimum_m + 1e-6]]
    why = Text("", "")
    if empty:
        why = Text(f" ; réservoirs vides : {some(empty)}", f"; empty tanks: {some(empty)}")
    raise UnsolvedError(
        Fault(
            file=state.name,
            key=f"t = {clock(state.time_s)}",
            value=some([ids[i] for i in np.flatnonzero(dry)]),
            expected=Text(
                "un chemin ouvert d'une ressource à chaque nœud qui consomme (tronçons fermés au "
                f"bord : {closed}{why.fr})",
                "an open path from a source to every node that consumes (closed links at the "
                f"border: {closed}{why.en})",
            ),
            remedy=Text(
                "rouvrir un tronçon, ou DEMAND MODEL PDA dans [OPTIONS] : un nœud coupé ne prend "
                "alors rien",
                "open a link again, or DEMAND MODEL PDA in [OPTIONS]: a node cut off then takes "
                "nothing",
            ),
        )
    )


def cut_off(network: Network, is_open: NDArray[np.bool_], demand_m3s: Floats) -> NDArray[np.bool_]:
    """Return which nodes no open link joins to a source; shape (nodes,)."""
    neighbours: list[list[int]] = [[] for _ in network.nodes.ids]
    links = network.links
    ends = zip(links.start[is_open].tolist(), links.end[is_open].tolist(), strict=True)
    for start, end in ends:
        neighbours[start].append(end)
        neighbours[end].append(start)
    fed = (network.nodes.kind != NodeKind.JUNCTION) | (demand_m3s < 0.0)
    reached: list[bool] = fed.tolist()
    waiting = np.flatnonzero(fed).tolist()
    while waiting:
        for other in neighbours[waiting.pop()]:
            if not reached[other]:
                reached[other] = True
                waiting.append(other)
    return ~np.array(reached, dtype=np.bool_)


def unsolved(state: State, why: Text, error: float, trials: int) -> UnsolvedError:
    """Return the error of a solution that did not balance, with what is likely to prevent it."""
    network = state.network
    by_pressure = [
        network.links.ids[control.link]
        for control in network.controls
        if control.kind in (ControlKind.LEVEL_BELOW, ControlKind.LEVEL_ABOVE)
        and network.nodes.kind[control.node] == NodeKind.JUNCTION
    ]
    hint = Text("", "")
    if by_pressure:
        names = some(list(dict.fromkeys(by_pressure)))
        hint = Text(
            f" ; des commandes par pression peuvent se contredire : {names}",
            f"; controls by pressure may contradict each other: {names}",
        )
    return UnsolvedError(
        Fault(
            file=state.name,
            key=f"t = {clock(state.time_s)}",
            value=why.en,
            expected=Text(
                f"un réseau équilibré à {network.options.accuracy:g} près en {trials} itérations "
                f"(reste {error:.2g})",
                f"a network balanced to {network.options.accuracy:g} in {trials} iterations "
                f"({error:.2g} left)",
            ),
            remedy=Text(
                "réseau mal conditionné ou demande au-delà de la ressource : voir pompes à "
                f"puissance constante, vannes et pressions négatives{hint.fr}",
                "ill-conditioned network, or demand beyond the source: look at constant-power "
                f"pumps, valves and negative pressures{hint.en}",
            ),
        )
    )


def toggling(
    name: str, network: Network, time_s: int, changed: NDArray[np.bool_], per_hour: int
) -> UnsolvedError:
    """Return the error of links that controls open and close without end."""
    links = network.links
    words = [
        _control_words(network, at)
        for at, control in enumerate(network.controls)
        if changed[control.link]
    ]
    names = some([links.ids[i] for i in np.flatnonzero(changed)]) or "-"
    listed = " ; ".join(words[:MOST_NAMES]) or "-"
    return UnsolvedError(
        Fault(
            file=name,
            key=f"t = {clock(time_s)}",
            value=names,
            expected=Text(
                f"moins de {per_hour} changements d'état en une heure (commandes : {listed})",
                f"under {per_hour} changes of state in an hour (controls: {listed})",
            ),
            remedy=Text(
                "écarter les niveaux de marche et d'arrêt de ces commandes",
                "set the levels that start and stop these links further apart",
            ),
        )
    )


def _control_words(network: Network, at: int) -> str:
    control = network.controls[at]
    action = "OPEN" if control.opens else "CLOSED"
    words = f"LINK {network.links.ids[control.link]} {action}"
    if control.kind not in (ControlKind.LEVEL_BELOW, ControlKind.LEVEL_ABOVE):
        return f"{words} AT {clock(control.time_s)}"
    side = "BELOW" if control.kind is ControlKind.LEVEL_BELOW else "ABOVE"
    return f"{words} IF {network.nodes.ids[control.node]} {side} {control.level_m:.3g} m"
