"""Published peers, as measured for the reference sheet on radio coverage: elsewhere, not here.

The sheet's timings were taken on a 2-core machine, Python 3.11, in CPU seconds of one core unless
said otherwise. Status: [V] sourced, [D] derived or measured with a prototype, [U] unverified.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """One figure of another programme, comparable to the same quantity of a benchmark.

    `figure` is things per second and core for `rate`, CPU seconds for `cpu_s`, and none where the
    result is a sentence (`says`).
    """

    name: str
    says: str
    figure: float | None
    section: str
    quantity: str = "rate"
    status: str = "[D]"


def _rate(name: str, figure: float, section: str, says: str = "") -> Peer:
    return Peer(name, says, figure, section)


def _time(name: str, figure: float | None, says: str = "", section: str = "7") -> Peer:
    return Peer(name, says, figure, section, quantity="cpu_s")


_HIGHS = "HiGHS 1.15 alone, one thread"
_CP_SAT = "CP-SAT 9.15, two workers"

PEERS: dict[str, tuple[Peer, ...]] = {
    "paths": (
        _rate("prototype, delta-Bullington, 50 m step, bilinear", 174e3, "2"),
        _rate("prototype, delta-Bullington, 50 m step, nearest", 219e3, "2"),
        _rate("NTIA ITM 1.4 (ctypes)", 96e3, "1", "another model"),
        _rate("pycraf 2.1.0, P.452-16", 91e3, "1", "2.8 k with its height map"),
        _rate("SPLAT! 1.4.2, ITM / ITWOM", 81e3, "1", "81 k / 65 k pixels"),
        _rate("crc-covlib, ITM", 36e3, "1", "another model"),
        _rate("crc-covlib, P.1812-7", 27e3, "1", "with troposcatter and ducting"),
        _rate("itmlogic 1.2, ITM in pure Python", 3.3e3, "1"),
        _rate("Py1812, P.1812-8", 0.95e3, "1", "with troposcatter and ducting"),
    ),
    "sweep": (
        _rate("prototype, radial sweep, Bullington only", 4.1e6, "2", "95th percentile 3.9 dB"),
        _rate("SPLAT! 1.4.2, ITM / ITWOM", 81e3, "1", "81 k / 65 k; Signal-Server alike"),
        _rate("crc-covlib, ITM", 36e3, "1"),
        _rate("crc-covlib, P.1812-7", 27e3, "1", "with troposcatter and ducting"),
        _rate("Py1812, P.1812-8", 0.95e3, "1", "with troposcatter and ducting"),
    ),
    "department": (
        _rate(
            "prototype, radial sweep, Bullington only",
            391e6 / 84.5,
            "2",
            "1,000 sites x 25 km at 100 m, 391 M evaluations in 84.5 s",
        ),
    ),
    "siting 241 124 1": (
        _time(_HIGHS, 6.5, "optimal"),
        _time(_CP_SAT, None, "bound near trivial after 60 s wall"),
    ),
    "siting 241 124 2": (_time(_HIGHS, 0.6, "optimal"),),
    "siting 241 130 1": (_time(_HIGHS, 4.1, "optimal"),),
    "siting 1000 124 1": (_time(_HIGHS, None, "gap 9.5 % after 60 s"),),
    "siting 1000 118 2": (_time(_HIGHS, None, "gap 2.9 % after 60 s"),),
    "siting 1000 130 2": (
        _time(_HIGHS, 25.8, "optimal"),
        _time(_CP_SAT, None, "optimal after 39.3 s wall"),
    ),
}
