"""Network files that WNTR brings along: found where it is installed, without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest


def wntr_network(name: str) -> Path:
    """Return the INP file of that name, or skip."""
    spec = find_spec("wntr")
    if spec is None or spec.origin is None:
        pytest.skip("wntr (requirements-dev.txt) is not installed: its networks are not there")
    return Path(spec.origin).parent / "library" / "networks" / f"{name}.inp"
