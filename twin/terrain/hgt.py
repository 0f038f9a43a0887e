"""SRTM tiles: bare big-endian heights whose name says where they lie."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import numpy as np

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.terrain.tiles import WGS84, Tile

# Samples per side: 3 and 1 arc-seconds; neighbours share their edge row and column.
SIDES = (1201, 3601)
VOID = -32768
_NAME = re.compile(r"^([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)


def read_hgt(path: Path) -> Tile:
    """Return the tile in an SRTM file (.hgt, or .hgt.gz), voids (-32768) as NaN.

    1201 x 1201 or 3601 x 3601 signed 16-bit integers, big-endian, row 0 in the north; the name
    (N46E001) gives the centre of the south-west sample. Format: USGS, SRTM Topography
    documentation. Heights are above EGM96.

    Raises
    ------
    DataError
        A name without a corner, a damaged gzip file, or a size that is neither of the two.
    """
    corner = _NAME.match(path.name)
    data = _bytes(path)
    sides = [side for side in SIDES if 2 * side * side == len(data)]
    faults = []
    if corner is None:
        faults.append(
            Fault(
                file=str(path),
                expected=Text(
                    "un nom de tuile SRTM qui donne le coin sud-ouest, comme N46E001.hgt",
                    "an SRTM tile name giving the south-west corner, as N46E001.hgt",
                ),
                remedy=Text(
                    "rendre au fichier son nom d’origine", "give the file its original name back"
                ),
            )
        )
    if not sides:
        faults.append(
            Fault(
                file=str(path),
                value=f"{len(data)} octets / bytes",
                expected=Text(
                    "2 884 802 octets (1201 x 1201) ou 25 934 402 octets (3601 x 3601)",
                    "2,884,802 bytes (1201 x 1201) or 25,934,402 bytes (3601 x 3601)",
                ),
                remedy=Text(
                    "télécharger la tuile à nouveau : elle est tronquée ou n’est pas SRTM",
                    "download the tile again: it is truncated or not SRTM",
                ),
            )
        )
    if corner is None or faults:
        raise DataError(*faults)
    side = sides[0]
    raw = np.frombuffer(data, dtype=">i2").reshape(side, side)
    north, latitude, east, longitude = corner.groups()
    south_deg = float(latitude) * (1.0 if north.upper() == "N" else -1.0)
    west_deg = float(longitude) * (1.0 if east.upper() == "E" else -1.0)
    step = 1.0 / (side - 1)
    return Tile(
        path=path,
        heights_m=np.where(raw == VOID, np.nan, raw).astype(np.float32),
        west=west_deg - step / 2.0,
        north=south_deg + 1.0 + step / 2.0,
        step_x=step,
        step_y=step,
        crs_wkt=WGS84,
        notices=(
            Text(
                f"{path.name} : altitudes EGM96 prises pour IGN69, écart non corrigé",
                f"{path.name}: EGM96 heights taken as IGN69, difference not corrected",
            ),
        ),
    )


def _bytes(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.suffix.lower() != ".gz":
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            Fault(
                file=str(path),
                value=str(error),
                expected=Text("un fichier gzip entier", "a whole gzip file"),
                remedy=Text("télécharger la tuile à nouveau", "download the tile again"),
            )
        ) from error
