"""What a simulated day costs against the size of the fleet, both engines, as a figure.

`python -m tests.bench.growth_figure [OUT.svg]` plays the Indre fleet at 1/10, 1 and 4 times its
size (`tests.bench.indre_fleet`: devices, gateways and area together) and draws
docs/images/network_growth.svg. Seconds are those of the machine it runs on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from tests.bench.indre_year import SURROGATE, WINDOW, in_a_process
from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import typography as typo
from twin.report.figure_words import sentence
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table

NAME = "network_growth"
OUT = Path("docs/images/network_growth.svg")
SCALES = (0.1, 1.0, 4.0)
DAYS = {WINDOW: 4.0, SURROGATE: 30.0}
ROUNDS = 2
"""The surrogate's span holds its calibrations, which a day alone would make look dear. The cheaper
of two rounds counts: the dearer one measured the neighbours on the machine."""

TITLE = Text(
    "Quarante fois plus d'objets : le calcul croît presque en proportion",
    "Forty times the devices: computing grows nearly in proportion",
)
WORDS = {
    WINDOW: (Text("toutes les trames", "every frame"), canvas.BLUE, "o"),
    SURROGATE: (Text("substitut", "surrogate"), canvas.VERMILLION, "D"),
}
DEVICES = Column("devices", Text("Objets", "Devices"), Kind.NUMBER)
COST = Column("cpu_s", Text("Calcul par jour simulé", "CPU time per simulated day"),
              Kind.NUMBER, unit="s", decimals=2)  # fmt: skip


class Point(NamedTuple):
    """One fleet played by one engine: its CPU seconds, calibrations included, tables not."""

    engine: str
    scale: float
    devices: int
    uplinks: int
    days: float
    cpu_s: float

    @property
    def per_day_s(self) -> float:
        """CPU seconds per simulated day."""
        return self.cpu_s / self.days

    @property
    def per_uplink_s(self) -> float:
        """CPU seconds per uplink."""
        return self.cpu_s / self.uplinks


def measured(root: Path, engine: str, scales: Sequence[float] = SCALES) -> list[Point]:
    """Return one point for each scale, every fleet in a process of its own."""
    points = []
    for scale in scales:
        rounds = [in_a_process(root, engine, scale, DAYS[engine]) for _ in range(ROUNDS)]
        found, cpu_s = rounds[0], min(each["engine_cpu_s"] for each in rounds)
        points.append(Point(engine, scale, found["devices"], found["uplinks"], DAYS[engine], cpu_s))
    return points


def drawn(points: Sequence[Point], lang: Lang = Lang.EN) -> Svg:
    """Return the figure: both axes logarithmic, a dashed line of exact proportion to each curve."""
    with canvas.style(NAME):
        page = canvas.sheet(NAME, TITLE, 300.0, lang)
        width = canvas.WIDTH_PT - canvas.LEFT_PT - 130.0
        axes = page.axes(canvas.LEFT_PT, 42.0, width, 212.0)
        axes.set_xscale("log")
        axes.set_yscale("log")
        for engine, (label, colour, marker) in WORDS.items():
            own = sorted((p for p in points if p.engine == engine), key=lambda p: p.devices)
            if own:
                _curve(axes, own, label.say(lang), colour, marker)
        _ticks(axes, sorted({point.devices for point in points}), lang)
        proportion = Text("tirets : en proportion exacte", "dashes: in exact proportion")
        canvas.write(axes, proportion.say(lang), (0.98, 0.06), coords="axes fraction",
                     ha="right", color=canvas.MUTED)  # fmt: skip
        axes.set_xlabel(canvas.axis_title(DEVICES, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(COST, lang))
        return canvas.finish(page, _alt(points), _table(points))


def _curve(axes: Axes, own: list[Point], label: str, colour: str, marker: str) -> None:
    x = [point.devices for point in own]
    y = [point.per_day_s for point in own]
    axes.plot(x, y, linestyle="-", marker=marker, color=colour, linewidth=2.2, markersize=7)
    middle = len(own) // 2
    straight = [y[middle] * devices / x[middle] for devices in x]
    axes.plot(x, straight, color=colour, linewidth=1.0, linestyle=(0, (4, 3)))
    canvas.write(axes, label, (x[-1], y[-1]), shift=(12.0, 0.0), color=colour, fontweight="bold")


def _ticks(axes: Axes, devices: Sequence[int], lang: Lang) -> None:
    low, high = axes.get_ylim()
    powers = [power for power in range(-4, 8) if low <= 10.0**power <= high]
    costs = [typo.number(10.0**power, max(0, -power), lang) for power in powers]
    counts = [typo.number(count, 0, lang) for count in devices]
    for axis, marks, texts in (
        (axes.xaxis, [float(count) for count in devices], counts),
        (axes.yaxis, [10.0**power for power in powers], costs),
    ):
        axis.set_major_locator(FixedLocator(marks))
        axis.set_major_formatter(FixedFormatter(texts))
        axis.set_minor_locator(NullLocator())
    axes.grid(visible=True, color=canvas.GRID, linewidth=0.8)


def _alt(points: Sequence[Point]) -> Text:
    def words(lang: Lang) -> str:
        told = "; ".join(
            f"{WORDS[p.engine][0].say(lang)}, {typo.number(p.devices, 0, lang)}: "
            f"{typo.number(p.per_day_s, 2, lang)} s"
            for p in points
        )
        return f"{sentence(TITLE, lang)} {told}."

    return Text(*(words(lang) for lang in Lang))


def _table(points: Sequence[Point]) -> Table:
    columns = (Column("engine", Text("Moteur", "Engine")), DEVICES, COST)
    rows = tuple((WORDS[p.engine][0], p.devices, p.per_day_s) for p in points)
    return Table(NAME, TITLE, columns, rows)


def main(arguments: Sequence[str]) -> int:
    """Measure both engines and write the figure."""
    root = Path(__file__).resolve().parents[2]
    out = Path(arguments[0]) if arguments else root / OUT
    points = [point for engine in (WINDOW, SURROGATE) for point in measured(root, engine)]
    drawn(points).write(out)
    for point in points:
        sys.stdout.write(
            f"{point.engine} {point.devices} devices: {point.per_day_s:.3f} CPU s a day, "
            f"{1e6 * point.per_uplink_s:.2f} us an uplink\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
