"""Where a study keeps what it prepares: a folder of its own, and a cache shared between studies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """`folder` belongs to one run; `cache` holds what any run may reuse, keyed by content."""

    folder: Path
    cache: Path

    def absolute(self) -> Workspace:
        """Return the same places, found from any working folder."""
        return Workspace(self.folder.resolve(), self.cache.resolve())
