"""What a map says: its warnings, its text alternative, its default table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.lang import Lang, Text
from twin.report import typography as typo
from twin.report.figure_words import plain, sentence
from twin.report.tables import Column, Kind, Table

if TYPE_CHECKING:
    from twin.report.maps import MapClass, Points

SYNTHETIC = Text("RELIEF SYNTHÉTIQUE", "SYNTHETIC RELIEF")
SYNTHETIC_NOTE = Text(
    "Relief synthétique : vraisemblable, non mesuré. Ne pas choisir un site précis d’après lui.",
    "Synthetic relief: plausible, not measured. Do not pick a precise site by it.",
)
APPROXIMATE_NOTE = Text(
    "Limites approchées : tracées autour des centres des communes.",
    "Approximate borders, drawn around the communes' centres.",
)


def class_table(
    name: str, title: Text, sizes_km2: NDArray[np.float64], classes: Sequence[MapClass]
) -> Table:
    """Return the surface and the share of each class."""
    columns = (
        Column("class", Text("Classe", "Class")),
        Column("surface_km2", Text("Surface", "Surface"), Kind.NUMBER, "km²", 0),
        Column("share", Text("Part de la surface", "Share of surface"), Kind.SHARE, decimals=1),
    )
    total = float(sizes_km2.sum()) or 1.0
    rows = tuple(
        (each.label, size, size / total) for each, size in zip(classes, sizes_km2, strict=True)
    )
    return Table(name, title, columns, rows)


def alt(
    title: Text,
    classes: Sequence[MapClass],
    sizes_km2: NDArray[np.float64],
    points: Sequence[Points],
    *,
    synthetic: bool,
) -> Text:
    """Say the finding, the share of each class, the number of sites of each kind."""
    total = float(sizes_km2.sum()) or 1.0

    def say(lang: Lang) -> str:
        french = lang is Lang.FR
        shares = " ; ".join(
            f"{plain(each.label, lang)} : {typo.percent(size / total, lang)}"
            for each, size in zip(classes, sizes_km2, strict=True)
        )
        sites = "".join(
            f" {plain(each.label, lang)} : {typo.number(np.size(np.asarray(each.x_m)), 0, lang)}."
            for each in points
        )
        opener = "Carte." if french else "Map."
        part = "Part de la surface :" if french else "Share of surface:"
        warning = f" {plain(SYNTHETIC_NOTE, lang)}" if synthetic else ""
        text = f"{opener} {sentence(title, lang)} {part} {shares}.{sites}{warning}"
        return typo.spaced(text, lang)

    return Text(say(Lang.FR), say(Lang.EN))
