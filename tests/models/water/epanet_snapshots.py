"""Snapshots by an EPANET library, epanet-plus's or the one inside WNTR, by a few ctypes calls."""

from __future__ import annotations

import ctypes
import tempfile
from ctypes import byref, c_double, c_int, c_long, c_void_p
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.units import M_PER_FT, METRIC, units_of

EMITTER, HEAD, FLOW, ACCURACY, TRIALS, PATTERN_START = 3, 10, 8, 1, 0, 4
NODES, LINKS = 0, 2


def networks() -> Path:
    """Return the folder of the networks shipped with WNTR, without importing it."""
    spec = find_spec("wntr")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "library" / "networks"


def plus_library() -> Path:
    """Return epanet-plus's library."""
    spec = find_spec("epanet")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def wntr_library() -> Path:
    """Return the library WNTR runs by default."""
    spec = find_spec("wntr")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0]) / "epanet" / "libepanet" / "linux-x64"
    return folder / "libepanet22.so"


class Snapshots:
    """A network open in EPANET, for snapshots at its first instant; use in a `with` block."""

    def __init__(self, library: Path, network: Path, accuracy: float = 1e-5) -> None:
        self.lib = ctypes.CDLL(str(library))
        self.handle = c_void_p()
        self.folder = tempfile.TemporaryDirectory()
        self.call("createproject", byref(self.handle), bare=True)
        report = str(Path(self.folder.name) / "report.txt").encode()
        self.call("open", str(network).encode(), report, b"")
        self.call("openH")
        self.call("setoption", ACCURACY, c_double(accuracy))
        self.call("setoption", TRIALS, c_double(500.0))
        self.call("setstatusreport", 0)
        units = c_int()
        self.call("getflowunits", byref(units))
        self.units = units_of(units.value, 0, 1.0)  # of these: flow, length and emitter only
        self.nodes, self.links = self.count(NODES), self.count(LINKS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.call("close")
        self.call("deleteproject")
        self.folder.cleanup()

    def call(self, name: str, *arguments: object, bare: bool = False) -> None:
        """Call `EN_name`; warnings pass."""
        own = () if bare else (self.handle,)
        code = getattr(self.lib, f"EN_{name}")(*own, *arguments)
        assert code < 100, (name, code)

    def count(self, what: int) -> int:
        """Return how many nodes or links."""
        value = c_int()
        self.call("getcount", what, byref(value))
        return value.value

    def set_half(self, node: int, half: float) -> None:
        """Give a node an emitter of half m3/s at 1 m."""
        per = self.units.flow_m3s / self.units.emitter_m**0.5
        self.call("setnodevalue", int(node) + 1, EMITTER, c_double(half / per))

    def set_hour(self, hour: int) -> None:
        """Shift the patterns."""
        self.call("settimeparam", PATTERN_START, c_long(hour * 3600))

    def set_dependent(self, minimum: float, required: float, exponent: float = 0.5) -> None:
        """Make demands depend on pressure, in the file's units of pressure."""
        self.call("setdemandmodel", 1, c_double(minimum), c_double(required), c_double(exponent))

    def run(self, *, warm: bool = False) -> None:
        """Solve the first instant, from the flows of before if warm."""
        self.call("initH", 0 if warm else 10)
        self.call("runH", byref(c_long()))

    def heads_m(self) -> NDArray[np.float64]:
        """Return the head of every node."""
        values = np.empty(self.nodes)
        number = c_double()
        for node in range(self.nodes):
            self.call("getnodevalue", node + 1, HEAD, byref(number))
            values[node] = number.value
        return values * (1.0 if self.units.flow_units in METRIC else M_PER_FT)

    def flows_m3s(self) -> NDArray[np.float64]:
        """Return the flow of every link."""
        values = np.empty(self.links)
        number = c_double()
        for link in range(self.links):
            self.call("getlinkvalue", link + 1, FLOW, byref(number))
            values[link] = number.value
        return values * self.units.flow_m3s
