"""Published peers, as measured for the reference sheets: elsewhere, not here.

Sections are those of the sheet on radio coverage; with "(LoRaWAN)", of the sheet on the network
model, whose figures vary by 30 % (the best of a range stands here, the range in words); with
"(waste)", of the sheet on waste rounds, whose days are other ones than the benchmark's. The
sheets' timings were taken on a 2-core machine, Python 3.11, in CPU seconds of one core unless
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


_DAY_S = 86_400.0
_LORAWAN = "2 (LoRaWAN)"
_NS3 = _time(
    "ns-3 lorawan, optimised",
    8.3 * _DAY_S,
    "8.3 days, extrapolated from up to 5,000 devices",
    _LORAWAN,
)
_PROTOTYPE = "prototype, numba"

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
    "cell": (
        _rate("prototype, numba, 16 paths, fading", 3.1e6, _LORAWAN, "uplink only"),
        _rate("LoRaSim 0.2.1, experiment 3", 39e3, _LORAWAN, "37 k to 39 k, prints muted; no MAC"),
        _rate("LoRaWAN-SIM 2026", 12_200.0, _LORAWAN, "6,650 to 12,200; mean interval 900 s"),
        _rate("LoRaEnergySim, without gc.collect", 2_630.0, _LORAWAN, "2,190 to 2,630"),
        _rate("ns-3 lorawan, optimised", 688.0, _LORAWAN, "406 to 688"),
        _rate("LoRaEnergySim as shipped", 8.6, _LORAWAN, "7.8 to 8.6"),
    ),
    "department uplink": (
        _time(_PROTOTYPE, 10.1, "10.1 to 10.6 CPU s; the same case", _LORAWAN),
        _NS3,
    ),
    "department class-a": (
        _time(_PROTOTYPE, 10.1, "10.1 to 10.6 CPU s, but uplink only", _LORAWAN),
        _NS3,
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
    "road matrix": (
        _time(
            "prototype, Python pruning + SciPy, Andorra",
            0.083,
            "15,961 nodes, undirected; about 116 x networkx",
            "3 (waste)",
        ),
        _time("networkx, Andorra", 9.6, "15,961 nodes; 20 sources measured", "3 (waste)"),
    ),
    "routing X-n101-k25": (
        _time("PyVRP 0.14.1", None, "gap 1.71 %, 3 seeds; 1.0 CPU s a run", "2a (waste)"),
        _time("prototype, numba SISR", None, "gap 0.00 %, 3 seeds; 1.07 CPU s a run", "2a (waste)"),
        _time("vroom 1.15, x5", None, "gap 1.91 %; 7.1 CPU s a run", "2a (waste)"),
        _time(
            "OR-Tools 9.15, guided local search", None, "gap 5.68 %; 8.6 CPU s a run", "2a (waste)"
        ),
    ),
    "routing X-n200-k36": (
        _time("PyVRP 0.14.1", None, "gap 2.89 %, 3 seeds; 1.0 CPU s a run", "2a (waste)"),
        _time("prototype, numba SISR", None, "gap 0.83 %, 3 seeds; 0.82 CPU s a run", "2a (waste)"),
        _time("vroom 1.15, x5", None, "gap 2.34 %; 35.7 CPU s a run", "2a (waste)"),
        _time(
            "OR-Tools 9.15, guided local search", None, "gap 3.81 %; 7.6 CPU s a run", "2a (waste)"
        ),
    ),
    "routing days": (
        _time(
            "prototype, numba SISR, 3,000 moves",
            None,
            "gap 1.90 %, other days; 0.017 CPU s a run",
            "2b (waste)",
        ),
        _time("PyVRP 0.14.1", None, "gap 1.75 %, other days; 0.2 CPU s a run", "2b (waste)"),
        _time("vroom 1.15, x1", None, "gap 1.02 %, other days; 0.791 CPU s a run", "2b (waste)"),
    ),
}
