"""What surrounds a map: its frame, names of towns, key, scale bar, north arrow, source, stamp."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
from matplotlib.transforms import Affine2D

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import typography as typo

MAP_PT = 466.0
KEY_CHARS = 25
SCALE_KM = 20.0
ROW_PT = 21.0
LINE_PT = 13.0
SMALL_PT = 11.5


@dataclass(frozen=True)
class Extent:
    """A rectangle in Lambert-93 metres."""

    west_m: float
    south_m: float
    east_m: float
    north_m: float

    @property
    def m_per_pt(self) -> float:
        """Metres of ground per point of paper."""
        return (self.east_m - self.west_m) / MAP_PT


def height_pt(extent: Extent) -> float:
    """Return the height of the map at the scale that fills its width."""
    return (extent.north_m - extent.south_m) / extent.m_per_pt


def key_height_pt(classes: int, kinds: int) -> float:
    """Return a height that surely holds the key, the scale and the notes."""
    return 250.0 + 1.4 * ROW_PT * (classes + kinds)


def frame(axes: Axes, extent: Extent, height: float) -> None:
    """Give the axes the map's extent, centred in height, without ticks."""
    middle = (extent.south_m + extent.north_m) / 2
    half = height * extent.m_per_pt / 2
    axes.set_xlim(extent.west_m, extent.east_m)
    axes.set_ylim(middle - half, middle + half)
    axes.set_axis_off()


def name_towns(axes: Axes, towns: Sequence[tuple[str, float, float]], extent: Extent) -> None:
    """Write each town's dot and name where it hides no name already written; skip it otherwise."""
    scale = extent.m_per_pt
    taken: list[tuple[float, float, float, float]] = []
    for name, x_m, y_m in towns:
        wide, high = 5.6 * len(name), 11.0
        for dx, dy, side in (
            (6, 0, "left"),
            (-6, 0, "right"),
            (0, 12, "center"),
            (0, -12, "center"),
        ):
            left = x_m / scale + dx - {"left": 0.0, "right": wide, "center": wide / 2}[side]
            box = (left, y_m / scale + dy - high / 2, left + wide, y_m / scale + dy + high / 2)
            inside = box[0] > extent.west_m / scale and box[2] < extent.east_m / scale
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                axes.plot(x_m, y_m, "o", color=canvas.INK, markersize=5.0, markeredgecolor="white",
                          markeredgewidth=1.0, zorder=5)  # fmt: skip
                canvas.write(axes, name, (x_m, y_m), shift=(dx, dy), ha=side, fontsize=10,
                             fontweight="bold", gid="halo", zorder=6)  # fmt: skip
                break


def stamp(axes: Axes, text: str) -> None:
    """Write a boxed warning in the upper left corner of the map."""
    wide = 6.6 * len(text) + 16.0
    box = FancyBboxPatch(
        (1.0, -26.0), wide, 22.0, boxstyle="round,pad=0,rounding_size=3", facecolor="#fff1d6",
        edgecolor="#8a4b00", linewidth=1.2, zorder=7,
        transform=_from_top_left(axes),
    )  # fmt: skip
    axes.add_patch(box)
    canvas.write(axes, text, (0.0, 1.0), coords="axes fraction", shift=(9.0, -15.0), fontsize=10,
                 fontweight="bold", color="#6e3b00", zorder=8)  # fmt: skip


def key(
    side: Axes,
    height: float,
    title: Text,
    swatches: Sequence[tuple[Text, str, str]],
    marks: Sequence[tuple[Text, str, str, float]],
    notes: Sequence[Text],
    extent: Extent,
    lang: Lang,
) -> None:
    """Draw the column at the right: key, then north arrow, scale bar, source and notes."""
    side.set_xlim(0.0, canvas.WIDTH_PT - MAP_PT)
    side.set_ylim(0.0, height)
    side.set_axis_off()
    left, top = 14.0, height - 12.0
    head = typo.spaced(title.say(lang), lang)
    canvas.write(side, head, (left, top), chars=KEY_CHARS + 2, fontweight="bold", fontsize=11,
                 va="top", line_pt=14.0)  # fmt: skip
    top -= 14.0 * len(textwrap.wrap(head, KEY_CHARS + 2)) + 12.0
    for label, colour, hatch in swatches:
        side.add_patch(
            Rectangle(
                (left, top - 7.0),
                22.0,
                14.0,
                facecolor=colour,
                hatch=hatch * 3 or None,
                edgecolor=canvas.MUTED,
                linewidth=0.8,
            )
        )
        top = _label(side, label, left + 30.0, top, lang)
    top -= 4.0
    for label, marker, colour, size in marks:
        side.plot(left + 11.0, top, marker, color=colour, markersize=size + 1.5,
                  markeredgecolor="white", markeredgewidth=0.7)  # fmt: skip
        top = _label(side, label, left + 30.0, top, lang)
    bottom = 8.0
    for note in reversed(notes):
        lines = textwrap.wrap(typo.spaced(note.say(lang), lang), 37)
        for line in reversed(lines):
            canvas.write(side, line, (left, bottom), fontsize=8.5, color=canvas.MUTED)
            bottom += SMALL_PT
        bottom += 4.0
    _scale_bar(side, left, bottom + 18.0, extent, lang)


def _label(side: Axes, label: Text, x: float, y: float, lang: Lang) -> float:
    lines = textwrap.wrap(typo.spaced(label.say(lang), lang), KEY_CHARS)
    canvas.write(side, "\n".join(lines), (x, y), fontsize=10)
    return y - ROW_PT - LINE_PT * (len(lines) - 1)


def _scale_bar(side: Axes, left: float, y: float, extent: Extent, lang: Lang) -> None:
    length = SCALE_KM * 1000.0 / extent.m_per_pt
    for half in (0, 1):
        side.add_patch(
            Rectangle(
                (left + half * length / 2, y),
                length / 2,
                5.0,
                edgecolor=canvas.INK,
                facecolor=canvas.INK if half == 0 else "white",
                linewidth=0.9,
            )
        )
    for at, text in ((0.0, "0"), (length / 2, f"{SCALE_KM / 2:.0f}"), (length, "")):
        canvas.write(side, text, (left + at, y), shift=(0.0, -9.0), ha="center", fontsize=9)
    far = typo.with_unit(typo.number(SCALE_KM, 0, lang), "km")
    canvas.write(side, far, (left + length, y), shift=(-6.0, -9.0), fontsize=9)
    tip = y + 50.0
    side.add_patch(
        Polygon(
            [(left + 8, tip), (left + 1, tip - 24), (left + 8, tip - 18), (left + 15, tip - 24)],
            facecolor=canvas.INK,
            edgecolor=canvas.INK,
        )
    )
    canvas.write(side, "N", (left + 8.0, tip), shift=(0.0, 8.0), ha="center", fontweight="bold")


def _from_top_left(axes: Axes) -> Affine2D:
    """Return a transform in points from the upper left corner of the axes."""
    return Affine2D().translate(*axes.transAxes.transform((0.0, 1.0)))


def _overlap(
    one: tuple[float, float, float, float], two: tuple[float, float, float, float]
) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
