"""The table of benchmarks: `python -m tests.bench.table IN.json OUT.md`.

Reads what pytest-benchmark wrote (`--benchmark-json`) and what each benchmark recorded with
`tests.bench.record.record`; writes a Markdown file and prints it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.peers import PEERS, Peer
from twin.files import write_text

HEAD = """# Benchmarks

Rates are per second of CPU time, measured in this run. Work is asserted by each benchmark, so
speed cannot be bought by doing less. The reference implementation is run beside, in the same run.
"""

PEERS_HEAD = """
## Published peers, side by side

Peers were measured elsewhere, on a 2-core machine with Python 3.11, in CPU seconds of one core
unless said otherwise: orders of magnitude, not a race. Source: the project's reference sheet on
radio coverage, or on the LoRaWAN network or on waste rounds where it says so, section named. [V]
sourced, [D] derived or measured with a prototype, [U] unverified. Siting peers solved instances of
the same kind and density, not the same ones; so did those of road matrices and days of rounds.
"""

Row = Mapping[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Write the table of the run in `arguments[0]` to `arguments[1]`; return the exit code."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m tests.bench.table IN.json OUT.md\n")
        return 2
    source, target = Path(arguments[0]), Path(arguments[1])
    try:
        run = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{source}: not a pytest-benchmark file ({error})\n")
        return 2
    text = table(run)
    write_text(target, text)
    sys.stdout.write(text)
    return 0


def table(run: Row) -> str:
    """Return the Markdown text for one run of pytest-benchmark."""
    rows = [row for row in run["benchmarks"] if "work" in row["extra_info"]]
    silent = [row["name"] for row in run["benchmarks"] if "work" not in row["extra_info"]]
    lines = [HEAD]
    lines += _markdown(
        ("benchmark", "work asserted", "per CPU s", "reference, same run", "ratio", "bar", "met"),
        (_line(row) for row in rows),
    )
    lines += _notes(rows)
    lines.append(PEERS_HEAD)
    lines += _markdown(
        ("benchmark", "here", "peer", "its figure", "ratio", "remark", "status and source"),
        (line for row in rows for line in _beside(row)),
    )
    alone = [_name(row) for row in rows if row["extra_info"].get("peers", "") not in PEERS]
    if alone:
        lines += ["", "No figure published by a peer is known for: " + ", ".join(alone) + "."]
    if silent:
        lines += ["", "Without a record of work: " + ", ".join(silent) + "."]
    return "\n".join(lines) + "\n"


def figure(value: float) -> str:
    """Return a number to three significant digits, thousands separated by commas."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = float(f"{value:.3g}")
    text = f"{rounded:,.{places}f}" if abs(value) >= 1e-3 else f"{rounded:.3g}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _name(row: Row) -> str:
    return str(row["name"]).removeprefix("test_").removeprefix("bench_").replace("_", " ")


def _line(row: Row) -> tuple[str, ...]:
    info = row["extra_info"]
    bars = info.get("bars", [])
    reference, ratio = "none", ""
    if "reference" in info:
        rate = info["reference_rate_per_cpu_s"]
        reference = f"{info['reference']}: {figure(rate)}"
        ratio = f"{figure(info['rate_per_cpu_s'] / rate)} x"
    return (
        _name(row),
        f"{info['work']:,} {info['unit']}",
        figure(info["rate_per_cpu_s"]),
        reference,
        ratio,
        "<br>".join(_bar(bar) for bar in bars) or "none",
        "<br>".join("yes" if bar["met"] else "**no**" for bar in bars),
    )


def _bar(bar: Row) -> str:
    limits = [
        f"{sign} {figure(bar[key])}"
        for key, sign in (("at_least", ">="), ("at_most", "<="))
        if key in bar
    ]
    return f"{bar['what']} {' and '.join(limits)}: {figure(bar['measured'])}"


def _notes(rows: Iterable[Row]) -> list[str]:
    lines = []
    for row in rows:
        notes = row["extra_info"].get("notes", {})
        if notes:
            told = (
                f"{key} {value if isinstance(value, str) else figure(value)}"
                for key, value in notes.items()
            )
            lines.append(f"* {_name(row)}: " + "; ".join(told))
    return ["", *lines] if lines else []


def _beside(row: Row) -> Iterable[tuple[str, ...]]:
    info = row["extra_info"]
    for peer in PEERS.get(info.get("peers", ""), ()):
        here, theirs, ratio = _compare(info, peer)
        source = f"{peer.status} section {peer.section}"
        yield _name(row), here, peer.name, theirs, ratio, peer.says, source


def _compare(info: Row, peer: Peer) -> tuple[str, str, str]:
    """Return here, theirs, and how many times faster here is (over one) than there."""
    if peer.quantity == "cpu_s":
        here = f"{figure(info['cpu_s'])} CPU s"
        if peer.figure is None:
            return here, "", ""
        return here, f"{figure(peer.figure)} CPU s", f"{figure(peer.figure / info['cpu_s'])} x"
    here = f"{figure(info['rate_per_cpu_s'])} /s"
    if peer.figure is None:
        return here, "", ""
    ratio = f"{figure(info['rate_per_cpu_s'] / peer.figure)} x"
    return here, f"{figure(peer.figure)} /s", ratio


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
