"""A log played again on one of the two engines: whole, then without some of its gateways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.cell_check import one_of
from models.lora.logs.receptions import Receptions
from models.lora.logs.replay import ReplayedTraffic
from models.lora.logs.replayed_network import ReplayedNetwork, without
from models.lora.network.fates import DELIVERED, FATES
from models.lora.network.interference import NAMES
from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.setup import Network
from models.lora.network.window import WindowEngine
from twin.errors import Fault, InputError
from twin.lang import Text

ENGINES = ("window", "simpy")
LATE_S = 1e-3
"""A frame sent this long after its order had to wait for the device's frame before."""

SHOWN_NAMES = 10


@dataclass(frozen=True)
class Played:
    """What became of the frames of a log on an engine.

    Attributes
    ----------
    fate
        Shape (orders,), in their order: a number of `models.lora.network.fates`.
    late
        Frames that had to wait for the device's frame before.
    best
        Shape (gateways,): frames that the gateway received best of all.
    decoded
        Shape (gateways,): frames that the gateway decoded; None where the engine does not tell.
    """

    fate: NDArray[np.int8]
    late: int
    best: NDArray[np.int64]
    decoded: NDArray[np.int64] | None

    @property
    def delivered(self) -> NDArray[np.bool_]:
        """Which frames one gateway at least decoded."""
        return np.asarray(self.fate == DELIVERED, dtype=np.bool_)

    @property
    def delivery_rate(self) -> float:
        """Share of the frames that one gateway at least decoded."""
        return float(self.delivered.mean())


def play(made: ReplayedNetwork, engine: str = "window", network: Network | None = None) -> Played:
    """Return what becomes of the frames of a log, on "window" or on "simpy".

    `network` replaces the log's own: the same one `without` a gateway.

    Raises
    ------
    InputError
        Unknown engine.
    """
    if engine not in ENGINES:
        raise InputError(one_of("--engine", engine, ENGINES))
    field = made.network if network is None else network
    gateways = len(field.gateways.key)
    decoded: NDArray[np.int64] | None = None
    if engine == "window":
        window = WindowEngine(field, heard=True).run(made.until_s, made.orders)
        log = window.frames
        decoded = np.bincount(window.heard.gateway, minlength=gateways)
    else:
        log = ReferenceEngine(field).run(made.until_s, made.orders)[0]
    # Each order is one frame; both are put device by device, in the order of their numbers.
    ordered = np.lexsort((made.orders.number, made.orders.who))
    logged = np.lexsort((log.number, log.device))
    fate = np.empty(len(ordered), dtype=np.int8)
    fate[ordered] = log.fate[logged]
    return Played(
        fate=fate,
        late=int((log.start_s - log.due_s > LATE_S).sum()),
        best=np.bincount(log.best_gateway[log.best_gateway >= 0], minlength=gateways),
        decoded=decoded,
    )


def played_faults(
    gateway_ids: Sequence[str], engine: str, interference: str, removed: Sequence[str]
) -> Iterator[Fault]:
    """Yield what is wrong with the options of a replay, by their names."""
    if engine not in ENGINES:
        yield one_of("--engine", engine, ENGINES)
    if interference not in NAMES:
        yield one_of("--interference", interference, NAMES)
    known = set(gateway_ids)
    shown = ", ".join(gateway_ids[:SHOWN_NAMES]) + (", …" if len(known) > SHOWN_NAMES else "")
    for name in dict.fromkeys(removed):
        if name not in known:
            yield Fault(
                Text(f"une passerelle du journal : {shown}", f"a gateway of the log: {shown}"),
                Text(
                    "écrivez l'identifiant que donne le journal", "write the id that the log gives"
                ),
                key="--without",
                value=name,
            )


def comparison(
    traffic: ReplayedTraffic,
    receptions: Receptions,
    made: ReplayedNetwork,
    engine: str,
    removed: Sequence[str] = (),
) -> dict[str, object]:
    """Return what the engine makes of a log, beside what the log says itself.

    Keys: `engine`, `spread_db`, `frames_sent`, `frames_added`, `late_frames`, `delivery_rate`,
    `log_delivery_rate`, `causes`, `gateways` (list of `gateway`, `log_heard`, `decoded`,
    `log_best`, `best`) and `without` (None, or what :func:`_lost` returns).

    Raises
    ------
    InputError
        Unknown engine or gateway.
    """
    faults = list(played_faults(receptions.gateway_ids, engine, NAMES[0], removed))
    if faults:
        raise InputError(*faults)
    whole = play(made, engine)
    logged = made.row >= 0
    best = _best(receptions, made.row[logged])
    counts = _heard(receptions, made.row[logged])
    return {
        "engine": engine,
        "spread_db": made.spread_db,
        "frames_sent": len(made.row),
        "frames_added": int((~logged).sum()),
        "late_frames": whole.late,
        "delivery_rate": whole.delivery_rate,
        "log_delivery_rate": float(logged.mean()),
        "causes": {
            FATES[number].value: int(count)
            for number, count in enumerate(np.bincount(whole.fate, minlength=len(FATES)))
            if count
        },
        "gateways": [
            {
                "gateway": name,
                "log_heard": int(counts[g]),
                "decoded": None if whole.decoded is None else int(whole.decoded[g]),
                "log_best": int(best[g]),
                "best": int(whole.best[g]),
            }
            for g, name in enumerate(receptions.gateway_ids)
        ],
        "without": _lost(traffic, receptions, made, engine, whole, removed) if removed else None,
    }


def _lost(
    traffic: ReplayedTraffic,
    receptions: Receptions,
    made: ReplayedNetwork,
    engine: str,
    whole: Played,
    removed: Sequence[str],
) -> Mapping[str, object]:
    """Return what is lost without some gateways; the dice are those of the whole network.

    Keys: `gateways`, `delivery_rate`, `log_delivery_rate` (frames that another gateway heard),
    `lost_frames` (delivered with them, not without), `log_lost_frames` (heard by no other) and
    `silenced_devices` (names of those delivered with them and never without).
    """
    numbers = np.array([receptions.gateway_ids.index(n) for n in dict.fromkeys(removed)])
    fewer = play(made, engine, without(made.network, numbers))
    rows = made.row[made.row >= 0]
    others = ~np.isin(receptions.gateway, numbers)
    still = np.bincount(receptions.frame[others], minlength=len(traffic))[rows] > 0
    devices = len(traffic.devices)
    before = np.bincount(made.orders.who[whole.delivered], minlength=devices)
    after = np.bincount(made.orders.who[fewer.delivered], minlength=devices)
    silenced = np.flatnonzero((before > 0) & (after == 0))
    return {
        "gateways": list(dict.fromkeys(removed)),
        "delivery_rate": fewer.delivery_rate,
        "log_delivery_rate": float(still.sum() / len(made.row)),
        "lost_frames": int((whole.delivered & ~fewer.delivered).sum()),
        "log_lost_frames": int((~still).sum()),
        "silenced_devices": [traffic.devices[d] for d in silenced],
    }


def _heard(receptions: Receptions, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of some frames of the log each gateway heard."""
    kept = np.isin(receptions.frame, rows)
    return np.bincount(receptions.gateway[kept], minlength=len(receptions.gateway_ids))


def _best(receptions: Receptions, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of some frames of the log each gateway received best, ties by name."""
    order = np.lexsort((receptions.gateway, -receptions.level_dbm, receptions.frame))
    best = receptions.gateway[order[receptions.indptr[rows]]]
    return np.bincount(best, minlength=len(receptions.gateway_ids))
