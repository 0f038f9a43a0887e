"""What a replication leaves behind: declared KPIs as long columns, and ledgers that must balance.

A KPI is declared with a label, a unit and a direction before anything is recorded, so no report
ever shows a bare number. Undeclared names, values recorded twice, values forgotten, infinities and
unannounced holes are refused: a mean over what happened to be written is worse than no mean.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import RunError
from twin.lang import Text

WHOLE_TERRITORY = ""
"""The zone of a KPI that speaks of the whole territory."""


class Direction(StrEnum):
    """Which way is better."""

    MIN = "min"
    MAX = "max"
    NONE = "none"


@dataclass(frozen=True)
class Kpi:
    """One declared outcome.

    `unit` is printed as it stands (`€`, `1`, `dB`); `may_be_missing` allows NaN (a zone without
    meters has no share of meters) and allows the KPI not to be recorded at all.
    """

    name: str
    label: Text
    unit: str
    direction: Direction = Direction.NONE
    may_be_missing: bool = False


class RecordError(RunError):
    """A model recorded what it must not, or forgot what it promised."""


@dataclass(frozen=True, eq=False)
class Part:
    """The result of one replication: rows (kpi, zone, value), sorted by kpi then zone.

    Attributes
    ----------
    kpi, zone : NDArray[np.object_]
        Names (str), shape (rows,). Zone "" is the whole territory. Objects, not fixed-width text:
        each name exists once, and the store reads them as they are.
    value : NDArray[np.float64]
        Shape (rows,), in the declared unit. NaN is a hole its KPI announced.
    """

    kpi: NDArray[np.object_]
    zone: NDArray[np.object_]
    value: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("kpi", "zone"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.object_))
        if not len(self.kpi) == len(self.zone) == len(self.value):
            raise ValueError("the columns of a part must have equal lengths")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.value)

    def get(self, name: str, zone: str = WHOLE_TERRITORY) -> float:
        """Return one value; KeyError if it was not recorded."""
        (rows,) = np.nonzero((self.kpi == name) & (self.zone == zone))
        if len(rows) == 0:
            raise KeyError((name, zone))
        return float(self.value[rows[0]])


@dataclass
class Ledger:
    """What came in must have gone out or still be there: in = out + stored.

    Amounts are counted by cause, so an imbalance can be traced. `unit` is for the message.
    """

    name: str
    unit: str
    opening: float = 0.0
    tolerance: float = 1e-9
    entered: dict[str, float] = field(default_factory=dict)
    left: dict[str, float] = field(default_factory=dict)
    stored: float | None = None

    def enter(self, amount: float, cause: str = "") -> None:
        """Count `amount` (>= 0) in."""
        self._count(self.entered, amount, cause)

    def leave(self, amount: float, cause: str = "") -> None:
        """Count `amount` (>= 0) out."""
        self._count(self.left, amount, cause)

    def close(self, stored: float) -> None:
        """State what is still there at the end."""
        self.stored = float(stored)

    def gap(self) -> float:
        """Return opening + in - out - stored; zero when the ledger balances."""
        return math.fsum(
            [
                self.opening,
                *self.entered.values(),
                *(-amount for amount in self.left.values()),
                -(self.stored or 0.0),
            ]
        )

    def check(self) -> None:
        """Raise RecordError unless the ledger is closed and balances.

        The tolerance is relative to the amount that went through.
        """
        if self.stored is None:
            raise RecordError(
                Text(
                    f"registre {self.name} : jamais clos, appeler close(stored)",
                    f"ledger {self.name}: never closed, call close(stored)",
                )
            )
        through = math.fsum([abs(self.opening), *self.entered.values()])
        gap = self.gap()
        if not abs(gap) <= self.tolerance * max(1.0, through):
            raise RecordError(
                Text(
                    f"registre {self.name} : écart de {gap:.9g} {self.unit} "
                    f"(entrées {self.entered}, sorties {self.left}, stock {self.stored})",
                    f"ledger {self.name}: off by {gap:.9g} {self.unit} "
                    f"(in {self.entered}, out {self.left}, stored {self.stored})",
                )
            )

    def _count(self, side: dict[str, float], amount: float, cause: str) -> None:
        if not (math.isfinite(amount) and amount >= 0.0):
            raise RecordError(
                Text(
                    f"registre {self.name} : {amount} n'est pas une quantité positive",
                    f"ledger {self.name}: {amount} is not an amount of zero or more",
                )
            )
        side[cause] = side.get(cause, 0.0) + float(amount)


class Recorder:
    """Collects one replication's KPIs and ledgers, then seals them into a :class:`Part`.

    Parameters
    ----------
    kpis : Iterable[Kpi]
        Everything that may be recorded. More can be declared later with :meth:`declare`.
    """

    def __init__(self, kpis: Iterable[Kpi] = ()) -> None:
        self._kpis: dict[str, Kpi] = {}
        self._zones: dict[str, list[list[str]]] = {}
        self._values: dict[str, list[NDArray[np.float64]]] = {}
        self._ledgers: dict[str, Ledger] = {}
        for kpi in kpis:
            self.declare(kpi)

    @property
    def kpis(self) -> Mapping[str, Kpi]:
        """The declared KPIs by name."""
        return self._kpis

    def declare(self, kpi: Kpi) -> None:
        """Declare a KPI. Declaring the same one again is harmless; a different one is refused."""
        known = self._kpis.setdefault(kpi.name, kpi)
        if known != kpi:
            raise RecordError(
                Text(
                    f"indicateur {kpi.name} : déjà déclaré autrement ({known})",
                    f"KPI {kpi.name}: already declared differently ({known})",
                )
            )

    def kpi(self, name: str, value: float, zone: str = WHOLE_TERRITORY) -> None:
        """Record one value in the KPI's declared unit."""
        self.by_zone(name, [zone], [value])

    def by_zone(self, name: str, zones: Sequence[str] | ArrayLike, values: ArrayLike) -> None:
        """Record one value for each zone.

        Parameters
        ----------
        zones : sequence of str, shape (n,)
        values : array of float, shape (n,)
            In the KPI's declared unit.
        """
        kpi = self._declared(name)
        where = np.atleast_1d(np.asarray(zones, dtype=np.str_))
        what = np.atleast_1d(np.array(values, dtype=np.float64))
        if where.shape != what.shape or what.ndim != 1:
            raise RecordError(
                Text(
                    f"indicateur {name} : {where.shape} zones pour {what.shape} valeurs",
                    f"KPI {name}: {where.shape} zones for {what.shape} values",
                )
            )
        holes = np.isnan(what)
        refused = np.isinf(what) if kpi.may_be_missing else ~np.isfinite(what)
        if refused.any():
            zone, value = where[refused][0], what[refused][0]
            hint_fr = " (déclarer may_be_missing si un trou a un sens)" if holes.any() else ""
            hint_en = " (declare may_be_missing if a hole has a meaning)" if holes.any() else ""
            raise RecordError(
                Text(
                    f"indicateur {name}, zone « {zone} » : valeur {value} refusée{hint_fr}",
                    f"KPI {name}, zone '{zone}': value {value} refused{hint_en}",
                )
            )
        self._zones.setdefault(name, []).append(where.tolist())
        self._values.setdefault(name, []).append(what)

    def ledger(self, name: str, unit: str = "", opening: float = 0.0) -> Ledger:
        """Return the ledger of that name, opened with what is there at the start."""
        return self._ledgers.setdefault(name, Ledger(name, unit, opening))

    def part(self) -> Part:
        """Check everything and return the sealed part.

        Raises
        ------
        RecordError
            A ledger that is open or does not balance, a promised KPI that was never recorded, the
            same (kpi, zone) recorded twice, or nothing recorded at all.
        """
        for ledger in self._ledgers.values():
            ledger.check()
        forgotten = [
            name
            for name, kpi in self._kpis.items()
            if name not in self._values and not kpi.may_be_missing
        ]
        if forgotten or not self._values:
            raise RecordError(
                Text(
                    f"indicateurs déclarés mais jamais enregistrés : {', '.join(forgotten)}",
                    f"KPIs declared but never recorded: {', '.join(forgotten)}",
                )
            )
        names = sorted(self._values)
        value = [np.concatenate(self._values[name]) for name in names]
        kpi = np.repeat(np.arange(len(names)), [len(each) for each in value])
        zones = [zone for name in names for told in self._zones[name] for zone in told]
        return _sorted_part(names, kpi, zones, np.concatenate(value))

    def _declared(self, name: str) -> Kpi:
        kpi = self._kpis.get(name)
        if kpi is None:
            near = difflib.get_close_matches(name, self._kpis, n=1)
            raise RecordError(
                Text(
                    f"indicateur {name} : jamais déclaré"
                    + (f" ; vouliez-vous {near[0]} ?" if near else ""),
                    f"KPI {name}: never declared" + (f"; did you mean {near[0]}?" if near else ""),
                )
            )
        return kpi


def _sorted_part(
    kpis: Sequence[str], kpi: NDArray[np.int64], zone: Sequence[str], value: NDArray[np.float64]
) -> Part:
    """Return the rows sorted by KPI then zone; `kpi` counts in the sorted names `kpis`."""
    # Numbers sort and compare far faster than names; both orders are that of the names.
    zones = sorted(set(zone))
    rank = {name: number for number, name in enumerate(zones)}
    place = np.fromiter(map(rank.__getitem__, zone), dtype=np.int64, count=len(zone))
    order = np.lexsort((place, kpi))
    kpi, place, value = kpi[order], place[order], value[order]
    twice = (kpi[1:] == kpi[:-1]) & (place[1:] == place[:-1])
    if twice.any():
        name, where = kpis[kpi[1:][twice][0]], zones[place[1:][twice][0]]
        raise RecordError(
            Text(
                f"indicateur {name}, zone « {where} » : enregistré deux fois",
                f"KPI {name}, zone '{where}': recorded twice",
            )
        )
    return Part(
        np.array(kpis, dtype=np.object_)[kpi], np.array(zones, dtype=np.object_)[place], value
    )
