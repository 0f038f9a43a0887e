"""The files of a coverage: rasters, tables and layers, put into their folder all at once."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from models.lora.coverage_rasters import (
    CoverageRasters,
    Gateways,
    coverage_rasters,
    level_raster_dbm,
)
from models.lora.object_reception import Network
from models.lora.object_tables import Answer, network_table
from models.lora.objects import Shape
from models.lora.sites import KIND_LABELS
from models.lora.sweep import LossWindow, RasterFrame, SweepSettings
from twin.errors import DataError, Fault
from twin.files import write_text
from twin.lang import Lang, Text
from twin.report.qml import LayerStyle, StyleClass
from twin.report.rasters import RasterBand, RasterStyle, write_raster
from twin.report.tables import write_csv
from twin.report.vectors import Layer, write_geopackage
from twin.terrain.grid import Terrain

MANIFEST = "coverage.json"
EACH = "niveau_par_passerelle"

_HOSTS = {"mast": ("^", "#D55E00"), "municipal": ("o", "#111111"), "own": ("s", "#CC79A7")}
"""Shape and colour of each kind of host, as on the report's maps."""

_BLUES = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#0c2c84")
_SERVERS = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#997700", "#bbbbbb",
    "#004488", "#994455", "#6699cc", "#ee99aa",
)  # fmt: skip


def check_folder(folder: Path) -> Fault | None:
    """Return what keeps files from being written into `folder`, None where nothing does."""
    ground = _ground(folder)
    if ground.is_dir() and os.access(ground, os.W_OK | os.X_OK):
        return None
    return Fault(
        key="--out",
        value=str(folder),
        expected=Text("un dossier où écrire", "a folder to write into"),
        remedy=Text("nommez un autre dossier", "name another folder"),
    )


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Yield a scratch folder whose files go into `folder` once the block succeeds.

    Each file replaces the one of its name; files that an earlier run listed in its manifest and
    this one did not write are removed, the manifest comes last, and nothing else is touched. On
    any exception `folder` is left as it was.
    """
    with tempfile.TemporaryDirectory(prefix=".coverage.", dir=_ground(folder)) as name:
        scratch = Path(name) / "files"
        scratch.mkdir()
        yield scratch
        files = sorted(path.relative_to(scratch) for path in scratch.rglob("*") if path.is_file())
        files.sort(key=lambda file: file.name == MANIFEST)
        stale = _listed(folder) - {str(file) for file in files}
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (scratch / file).replace(folder / file)
        for each in sorted(stale):
            (folder / each).unlink(missing_ok=True)


def _ground(folder: Path) -> Path:
    """Return the nearest ancestor that is there."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.exists())


def _listed(folder: Path) -> set[str]:
    """Return the files an earlier coverage left in this folder."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # not a manifest of ours: nothing to clear
    return {
        each
        for each in files
        if isinstance(each, str) and not Path(each).is_absolute() and ".." not in Path(each).parts
    }


def write_rasters(
    folder: Path,
    terrain: Terrain,
    frame: RasterFrame,
    network: Network,
    offset_db: float,
    threshold_dbm: float,
    settings: SweepSettings,
    case: Text,
    lang: Lang,
    *,
    each: bool,
) -> CoverageRasters:
    """Sweep the network and write level, margin, best server and number of gateways.

    `each` adds one level raster per gateway, written as soon as it is swept.
    """

    def write(name: str, band: RasterBand, style: RasterStyle) -> None:
        write_raster(
            folder / name,
            band,
            west_m=frame.west_m,
            north_m=frame.north_m,
            resolution_m=frame.resolution_m,
            source=terrain.source,
            synthetic=terrain.synthetic,
            style=style,
            lang=lang,
        )

    def write_one(index: int, window: LossWindow) -> None:
        site = network.ids[index]
        what = Text(
            f"niveau reçu par {site}, {case.fr}, cas médian",
            f"level received by {site}, {case.en}, median case",
        )
        level = level_raster_dbm(frame, window, offset_db)
        write(f"{EACH}/{site}.tif", RasterBand(level, what, "dBm"), _levels(threshold_dbm))

    rasters = coverage_rasters(
        terrain,
        frame,
        Gateways.of(network.x_m, network.y_m, network.height_m, offset_db),
        threshold_dbm,
        settings,
        each=write_one if each else None,
    )
    best = Text(f"{case.fr}, meilleure passerelle, cas médian",
                f"{case.en}, best gateway, median case")  # fmt: skip
    write(
        "niveau.tif",
        RasterBand(
            rasters.best_level_dbm,
            Text(f"niveau reçu, {best.fr}", f"received level, {best.en}"),
            "dBm",
        ),
        _levels(threshold_dbm),
    )
    write(
        "marge.tif",
        RasterBand(rasters.margin_db, Text(f"marge, {best.fr}", f"margin, {best.en}"), "dB"),
        _margins(),
    )
    write(
        "meilleure_passerelle.tif",
        RasterBand(
            rasters.best_server,
            Text("rang de la meilleure passerelle dans passerelles.csv",
                 "rank of the best gateway in passerelles.csv"),
            nodata=0,
        ),
        _servers(network),
    )  # fmt: skip
    write(
        "nombre_passerelles.tif",
        RasterBand(
            rasters.gateway_count,
            Text(f"nombre de passerelles de marge ≥ 0, {case.fr}, cas médian",
                 f"number of gateways with a margin >= 0, {case.en}, median case"),
        ),
        _counts(),
    )  # fmt: skip
    return rasters


def write_tables(folder: Path, network: Network, answer: Answer | None, lang: Lang) -> None:
    """Write the gateways, and the objects if any: CSV (French dialect) and GeoPackages."""
    import shapely

    table = network_table(network)
    write_csv(table, folder / "passerelles.csv")
    marks = [
        StyleClass(label, _HOSTS[kind][1], value=label.say(lang), marker=_HOSTS[kind][0])
        for kind, label in KIND_LABELS.items()
    ]
    places = list(shapely.points(network.x_m, network.y_m))
    gateways = Layer(table, places, LayerStyle("kind", "marker", marks, size_mm=4.0))
    layers = [gateways] if answer is None else [gateways, *answer.layers()]
    if answer is not None:
        write_csv(answer.table, folder / "objets.csv")
        if answer.objects.shape is Shape.LINE:
            write_csv(answer.kilometre_table, folder / "kilometres.csv")
    write_geopackage(folder / "couverture.gpkg", layers, lang)


def write_manifest(folder: Path, content: dict[str, Any]) -> list[str]:
    """Write the summary with the list of the files; return the list."""
    files = sorted(
        [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        + [MANIFEST]
    )
    text = json.dumps(content | {"files": files}, ensure_ascii=False, indent=2)
    write_text(folder / MANIFEST, text + "\n")
    return files


def refuse_folder(folder: Path) -> None:
    """Raise a DataError where nothing can be written into `folder`."""
    fault = check_folder(folder)
    if fault is not None:
        raise DataError(fault)


def _graduated(edges: tuple[float, ...], tints: tuple[str, ...], unit: str) -> RasterStyle:
    """Return one class per interval of `edges`; the last says nothing of its upper bound."""
    classes = [
        StyleClass(
            Text(f"{low:g} à {high:g} {unit}", f"{low:g} to {high:g} {unit}")
            if np.isfinite(high)
            else Text(f"{low:g} {unit} et plus", f"{low:g} {unit} and more"),
            tint,
            low=low,
            high=high,
        )
        for low, high, tint in zip(edges[:-1], edges[1:], tints, strict=True)
    ]
    return RasterStyle(classes)


def _levels(threshold_dbm: float) -> RasterStyle:
    """Return levels from 10 dB under what is heard to 40 dB above."""
    edges = tuple(round(threshold_dbm) + step for step in (-10, 0, 10, 20, 30, 40))
    return _graduated((*map(float, edges), np.inf), _BLUES, "dBm")


def _margins() -> RasterStyle:
    return _graduated((-10.0, 0.0, 10.0, 20.0, 30.0, 40.0, np.inf), _BLUES, "dB")


def _counts() -> RasterStyle:
    labels = (
        (Text("aucune", "none"), 0.0, 1.0, "#f0f0f0"),
        (Text("1 passerelle", "1 gateway"), 1.0, 2.0, "#c7e9b4"),
        (Text("2", "2"), 2.0, 3.0, "#41b6c4"),
        (Text("3 ou 4", "3 or 4"), 3.0, 5.0, "#1d91c0"),
        (Text("5 ou plus", "5 or more"), 5.0, 256.0, "#0c2c84"),
    )
    return RasterStyle([StyleClass(name, c, low=a, high=b) for name, a, b, c in labels])


def _servers(network: Network) -> RasterStyle:
    classes = [
        StyleClass(Text(site, site), _SERVERS[index % len(_SERVERS)], value=str(index + 1))
        for index, site in enumerate(network.ids)
    ]
    return RasterStyle(classes, "categories")
