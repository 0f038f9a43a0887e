"""What a cell may be: every option's bounds, the payload and the interval its data rate allows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.lora.airtime import MAC_OVERHEAD_BYTES
from models.lora.network.eu868 import bands, channels, uplink_airtimes_s
from models.lora.network.interference import NAMES
from models.lora.region import DATA_RATES
from models.lora.sensitivity import SENSITIVITY_DBM
from twin.errors import Fault
from twin.lang import Text

if TYPE_CHECKING:
    from models.lora.cell import Cell

CAPTURES = ("energy", "peak")
OPTIMAL = "optimal"
FIXED = tuple(f"fixed:{factor}" for factor in range(7, 13))
MOST_DEVICES = 10_000_000


def cell_faults(cell: Cell) -> Iterator[Fault]:
    """Yield all that is wrong with a cell, by the name of the command's option."""
    yield from _count_faults(cell)
    yield from _figure_faults(cell)
    named = {
        "--interference": (cell.interference, NAMES),
        "--capture": (cell.capture, CAPTURES),
        "--sf": (cell.sf, (OPTIMAL, *FIXED)),
        "chip": (cell.chip, tuple(SENSITIVITY_DBM)),
    }
    for key, (value, known) in named.items():
        if value not in known:
            yield one_of(key, value, known)
    if cell.sf == OPTIMAL or cell.sf in FIXED:
        yield from _frame_faults(cell)


def one_of(key: str, value: str, known: tuple[str, ...]) -> Fault:
    """Return the fault of a name that is none of those known."""
    names = ", ".join(known)
    return Fault(
        Text(f"un de : {names}", f"one of: {names}"),
        Text("choisissez un de ces noms", "choose one of these names"),
        key=key,
        value=value,
    )


def _count_faults(cell: Cell) -> Iterator[Fault]:
    counts = {
        "--devices": (cell.devices, 1, MOST_DEVICES),
        "--gateways": (cell.gateways, 1, 10_000),
        "--channels": (cell.channels, 1, 8),
        "--demodulators": (cell.demodulators, 1, 1_000_000),
        "--seed": (cell.seed, 0, 2**63 - 1),
    }
    for key, (value, low, high) in counts.items():
        if not low <= value <= high:
            yield _range_fault(key, str(value), f"{low}", f"{high}")


def _figure_faults(cell: Cell) -> Iterator[Fault]:
    figures = {
        "--days": (cell.days, 1e-6, 36_525.0),
        "--radius-m": (cell.radius_m, 1.0, 1e6),
        "--path-loss-exponent": (cell.path_loss_exponent, 0.1, 10.0),
        "--path-loss-1m-db": (cell.path_loss_1m_db, 0.0, 300.0),
        "--shadowing-db": (cell.shadowing_db, 0.0, 30.0),
        "--fading-db": (cell.fading_db, 0.0, 30.0),
        "grace_symbols": (cell.grace_symbols, 0.0, 12.25),
        "same_factor_db": (cell.same_factor_db or 0.0, -100.0, 100.0),
    }
    for key, (value, low, high) in figures.items():
        if not low <= value <= high:
            yield _range_fault(key, f"{value:g}", f"{low:g}", f"{high:g}")


def _range_fault(key: str, value: str, low: str, high: str) -> Fault:
    return Fault(
        Text(f"de {low} à {high}", f"{low} to {high}"),
        Text("donnez une valeur dans ces bornes", "give a value within these bounds"),
        key=key,
        value=value,
    )


def _frame_faults(cell: Cell) -> Iterator[Fault]:
    """Yield what is wrong with the payload and the interval, given the data rate."""
    fastest = 5 if cell.fixed_rate is None else cell.fixed_rate
    limit = DATA_RATES[fastest].application_bytes
    if not 0 <= cell.payload_bytes <= limit:
        yield Fault(
            Text(
                f"de 0 à {limit} octets en SF{12 - fastest}",
                f"0 to {limit} bytes at SF{12 - fastest}",
            ),
            _shorter(cell.payload_bytes),
            key="--payload-bytes",
            value=str(cell.payload_bytes),
        )
        return
    frame_s = float(uplink_airtimes_s(cell.payload_bytes + MAC_OVERHEAD_BYTES)[fastest])
    used = sorted(set(channels(max(cell.channels, 1)).band.tolist()))
    sub_bands = len(used)
    least_s = frame_s / float(bands().device_duty[used].sum())
    if not least_s <= cell.interval_s < math.inf:
        yield Fault(
            Text(
                f"au moins {least_s:.1f} s entre deux trames (SF{12 - fastest}, rapport cyclique "
                f"de 1 % sur {sub_bands} sous-bande(s))",
                f"at least {least_s:.1f} s between two uplinks (SF{12 - fastest}, duty cycle of "
                f"1 % on {sub_bands} sub-band(s))",
            ),
            Text(
                "allongez l'intervalle, raccourcissez le message ou prenez un SF plus rapide",
                "send less often, send less, or take a faster SF",
            ),
            key="--interval-s",
            value=f"{cell.interval_s:g}",
        )


def _shorter(payload_bytes: int) -> Text:
    """Return what to do about a payload that a fixed spreading factor does not carry."""
    carriers = [r.spreading_factor for r in DATA_RATES[:6] if r.application_bytes >= payload_bytes]
    if payload_bytes >= 0 and carriers:
        return Text(
            f"raccourcissez la charge utile ou prenez --sf fixed:{carriers[0]}",
            f"shorten the payload or take --sf fixed:{carriers[0]}",
        )
    return Text("raccourcissez la charge utile", "shorten the payload")
