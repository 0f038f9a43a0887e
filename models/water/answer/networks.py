"""The made-up networks as EPANET files, in one archive: any hydraulic tool opens them."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from models.water.answer.findings import Findings
from models.water.rural.store import write_zones
from twin.files import write_atomically
from twin.lang import Text
from twin.report.blocks import FileLink

NAME = "reseaux.zip"
_WHEN = (1980, 1, 1, 0, 0, 0)
"""Archives carry dates; the same networks give the same bytes."""


def write_networks(findings: Findings) -> list[FileLink]:
    """Write the whole networks, one INP file a commune, into `networks/`."""
    ground = findings.ground
    if ground is None or not ground.zones:
        return []
    folder = findings.run.folder / "networks"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        write_atomically(folder / NAME) as handle,
        zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in write_zones(ground.zones, Path(name)):
            archive.writestr(zipfile.ZipInfo(path.name, _WHEN), path.read_bytes())
    count = len(ground.zones)
    return [
        FileLink(
            f"networks/{NAME}",
            Text(
                f"les {count} réseaux synthétiques, fichiers EPANET (INP)",
                f"the {count} made-up networks, EPANET files (INP)",
            ),
        )
    ]
