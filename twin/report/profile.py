"""A terrain profile: the ground between two points and the straight line that joins them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.lang import Lang, Text
from twin.report import canvas
from twin.report import typography as typo
from twin.report.figure_words import plain, sentence
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table


def profile(
    name: str,
    title: Text,
    distance_m: ArrayLike,
    ground_m: ArrayLike,
    heights_m: tuple[float, float],
    ends: tuple[Text, Text],
    lang: Lang = Lang.FR,
    *,
    clearance_m: ArrayLike | None = None,
) -> Svg:
    """Show the ground between two points, the straight line between them and what cuts it.

    `heights_m` are heights above ground at both ends; `ground_m` already holds the curvature the
    caller wants shown; `clearance_m` is the half-width of a zone to keep free around the line.
    """
    along_km = np.asarray(distance_m, dtype=np.float64) / 1000.0
    ground: NDArray[np.float64] = np.asarray(ground_m, dtype=np.float64)
    top = (float(ground[0] + heights_m[0]), float(ground[-1] + heights_m[1]))
    line = np.interp(along_km, [along_km[0], along_km[-1]], top)
    floor = float(ground.min()) - 0.08 * (max(*top, float(ground.max())) - float(ground.min()))
    blocked = ground > line
    with canvas.style(name):
        page = canvas.sheet(name, title, 270.0, lang)
        axes = page.axes(canvas.LEFT_PT, 42.0, canvas.WIDTH_PT - canvas.LEFT_PT - 24.0, 188.0)
        if clearance_m is not None:
            half = np.asarray(clearance_m, dtype=np.float64)
            axes.fill_between(along_km, line - half, line + half, color=canvas.SKY, alpha=0.3, lw=0)
        axes.fill_between(along_km, floor, ground, color="#d9cfbd", edgecolor="#6b5d43", lw=1.2)
        axes.fill_between(along_km, line, ground, where=blocked.tolist(), color=canvas.VERMILLION,
                          hatch="////", edgecolor=canvas.INK, linewidth=0.6)  # fmt: skip
        axes.plot(along_km, line, color=canvas.BLUE, linewidth=1.6)
        for index, side in ((0, "left"), (-1, "right")):
            axes.plot([along_km[index]] * 2, [ground[index], top[index]], color=canvas.INK, lw=3)
            beside = max(1, len(ground) // 6)
            near = ground[:beside] if side == "left" else ground[-beside:]
            above = max(top[index], float(near.max()))  # clear of a hill beside the end
            canvas.write(axes, plain(ends[index], lang), (along_km[index], above), ha=side,
                         shift=(6.0 if side == "left" else -6.0, 12.0), fontweight="bold",
                         gid="halo")  # fmt: skip
        axes.set_xlim(along_km[0], along_km[-1])
        axes.set_ylim(
            floor,
            max(*top, float(ground.max())) * 1.0 + 0.16 * (max(*top, float(ground.max())) - floor),
        )
        far = Column("distance_km", Text("Distance", "Distance"), Kind.NUMBER, "km")
        high = Column("ground_m", Text("Altitude", "Height above sea level"), Kind.NUMBER, "m", 0)
        canvas.scale_ticks(axes, "x", far, lang)
        canvas.scale_ticks(axes, "y", high, lang, 5)
        axes.set_xlabel(canvas.axis_title(far, lang), labelpad=5)
        canvas.head(axes, canvas.axis_title(high, lang))
        sight = Column("line_m", Text("Ligne droite", "Straight line"), Kind.NUMBER, "m", 1)
        pick = np.unique(np.linspace(0, len(ground) - 1, min(len(ground), 60)).round().astype(int))
        rows = tuple((along_km[i], ground[i], line[i]) for i in pick)
        kept = Column("ground_m", high.label, Kind.NUMBER, "m", 1)
        alt = _alt(title, float(np.mean(blocked)))
        return canvas.finish(page, alt, Table(name, title, (far, kept, sight), rows))


def _alt(title: Text, share: float) -> Text:
    return Text(
        f"Profil du terrain. {sentence(title, Lang.FR)} Ligne droite coupée par le relief sur "
        f"{typo.percent(share, Lang.FR)} de la distance.",
        f"Terrain profile. {sentence(title, Lang.EN)} Straight line cut by the ground over "
        f"{typo.percent(share, Lang.EN)} of the distance.",
    )
