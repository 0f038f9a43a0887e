"""One EPANET project: opened from a file, always closed, its tables read as whole arrays."""

from __future__ import annotations

import locale
import tempfile
from collections.abc import Callable
from ctypes import byref, c_double, c_int, c_long, c_void_p, create_string_buffer
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.codes import Count, LinkValue, NodeValue, Option, Time
from models.water.epanet.faults import fault_of, faults_in
from models.water.epanet.library import LISTENER, library
from models.water.epanet.short_lines import short_lines
from models.water.epanet.units import KW_PER_HP, METRIC, Units, units_of
from twin.errors import DataError, Fault, InputError

Floats = NDArray[np.float64]

_ID_BYTES = 256


class Project:
    """An EPANET project, used in a `with` block.

    Indices are positions from 0, in EPANET's order: junctions, then tanks and reservoirs as the
    file lists them; links as the file lists them. Values are in the file's units: multiply by
    :attr:`units`.

    Parameters
    ----------
    path : Path
        An INP file.
    name : str
        What messages call it; the file's name by default.

    Raises
    ------
    DataError
        On entering, with every fault of the file, each with its line; or a missing file.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self.units: Units
        self._lib = library()
        self._handle = c_void_p()
        self._opened = False
        self._lines: list[str] = []
        self._listener = LISTENER(self._hear)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        if not self.path.is_file():
            raise DataError(fault_of(302, file=str(self.path)))
        numeric = locale.setlocale(locale.LC_NUMERIC)
        self._lib.EN_createproject(byref(self._handle))
        # EPANET takes the system's decimal sign for the whole process; the house keeps its own.
        locale.setlocale(locale.LC_NUMERIC, numeric)
        self._folder = tempfile.TemporaryDirectory(prefix="epanet-", ignore_cleanup_errors=True)
        try:
            self._open(Path(self._folder.name) / "report.txt")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free everything; harmless when done twice."""
        if self._handle:
            if self._opened:  # closing twice frees twice
                self._opened = False
                self._lib.EN_close(self._handle)
            self._lib.EN_deleteproject(self._handle)
            self._handle = c_void_p()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def call(self, name: str, *arguments: object) -> int:
        """Call `EN_name` on this project and return its code, 0 or a warning.

        Raises
        ------
        InputError
            Any code above 100.
        """
        code: int = getattr(self._lib, f"EN_{name}")(self._handle, *arguments)
        if code > 100:  # noqa: PLR2004 - EPANET's warnings stay under it
            raise InputError(fault_of(code, file=self.name))
        return code

    def bound(self, name: str) -> Callable[..., int]:
        """Return `EN_name` for a hot loop: the caller passes :attr:`handle` and checks the code."""
        function: Callable[..., int] = getattr(self._lib, f"EN_{name}")
        return function

    @property
    def handle(self) -> c_void_p:
        """EPANET's own handle of the project."""
        return self._handle

    def open_solver(self) -> None:
        """Open the hydraulic solver: EPANET checks the network as a whole here.

        Raises
        ------
        DataError
            With every fault found: pumps, curves, tanks, nodes without links.
        """
        self._lines.clear()
        code = self._lib.EN_openH(self._handle)
        if code:
            raise DataError(*self._named(faults_in(self._lines, code, self.path)))

    def count(self, what: Count) -> int:
        """Return how many there are."""
        return self._int("getcount", int(what))

    def option(self, which: Option) -> float:
        """Return one option."""
        return self._float("getoption", int(which))

    def set_option(self, which: Option, value: float) -> None:
        """Set one option."""
        self.call("setoption", int(which), value)

    def time_s(self, which: Time) -> int:
        """Return one of the times."""
        value = c_long()
        self.call("gettimeparam", int(which), byref(value))
        return value.value

    def set_time(self, which: Time, value_s: int) -> None:
        """Set one of the times."""
        self.call("settimeparam", int(which), value_s)

    def node_values(self, what: NodeValue) -> Floats:
        """Return one property of every node, in file units; shape (nodes,)."""
        return self._array("getnodevalues", what, Count.NODES)

    def link_values(self, what: LinkValue) -> Floats:
        """Return one property of every link, in file units; shape (links,)."""
        return self._array("getlinkvalues", what, Count.LINKS)

    def node_value(self, node: int, what: NodeValue) -> float:
        """Return one property of one node, in file units."""
        return self._float("getnodevalue", node + 1, int(what))

    def set_node(self, node: int, what: NodeValue, value: float) -> None:
        """Set one property of one node, in file units."""
        self.call("setnodevalue", node + 1, int(what), float(value))

    def set_link(self, link: int, what: LinkValue, value: float) -> None:
        """Set one property of one link, in file units."""
        self.call("setlinkvalue", link + 1, int(what), float(value))

    def texts(self, name: str, count: int) -> tuple[str, ...]:
        """Return the names `EN_name` gives of objects 1 to count."""
        text = create_string_buffer(_ID_BYTES)
        found = []
        for index in range(1, count + 1):
            self.call(name, index, text)
            found.append(text.value.decode("latin-1"))
        return tuple(found)

    def integer(self, name: str, index: int) -> int:
        """Return the integer `EN_name` gives of the object at a position."""
        return self._int(name, index + 1)

    def _hear(self, _user: object, _project: object, line: bytes) -> None:
        self._lines.append(line.decode("latin-1"))

    def _open(self, report: Path) -> None:
        path = str(self.path).encode()
        code = self._lib.EN_open(self._handle, path, str(report).encode(), b"")
        if code:
            self._lib.EN_close(self._handle)  # writes what is left of the report
            lines = report.read_text(encoding="latin-1").splitlines() if report.exists() else []
            raise DataError(*self._named(faults_in(lines, code, self.path)))
        self._opened = True
        dropped = short_lines(self.path, self.count(Count.LINKS))
        if dropped:
            raise DataError(*self._named(dropped))
        self.call("setreportcallback", self._listener)
        # The solver's messages are read from its state; written out, a year of them fills a disk.
        self.call("setreport", b"MESSAGES YES")
        self.call("setstatusreport", 0)
        flow = self._int("getflowunits")
        pressure = round(self.option(Option.PRESSURE_UNITS))
        self.units = units_of(flow, pressure, self.option(Option.SPECIFIC_GRAVITY))
        self._mend_powers()

    def _mend_powers(self) -> None:
        """Undo EPANET 2.3.6's second conversion of kilowatts [D].

        It turns the kW of a metric file into hp when it reads them and again when it uses them: a
        pump of 10 kW gives 13.4 kW to the water. What the file says is set once more, as it is.
        """
        if self.units.flow_units not in METRIC:
            return
        powers = self.link_values(LinkValue.PUMP_POWER)
        for link in np.flatnonzero(powers):
            self.set_link(int(link), LinkValue.PUMP_POWER, float(powers[link]) * KW_PER_HP)

    def silence(self) -> None:
        """Ask EPANET for no more messages: a long run reads the solver's state instead."""
        self.call("setreport", b"MESSAGES NO")

    def _named(self, faults: list[Fault]) -> list[Fault]:
        return [
            Fault(fault.expected, fault.remedy, self.name, fault.key, fault.value)
            for fault in faults
        ]

    def _int(self, name: str, *arguments: object) -> int:
        value = c_int()
        self.call(name, *arguments, byref(value))
        return value.value

    def _float(self, name: str, *arguments: object) -> float:
        value = c_double()
        self.call(name, *arguments, byref(value))
        return value.value

    def _array(self, name: str, what: int, count: Count) -> Floats:
        values = np.empty(self.count(count))
        self.call(name, int(what), values.ctypes.data)
        return values
