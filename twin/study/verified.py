"""Every known value beside what this code gives: the kernel's, and each utility's own.

A utility is any package under `models/`; it lists its oracles in `oracles.py`. One that lists none
is told as such: what has no known value has not been checked against one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from twin.errors import Fault, InputError
from twin.files import write_atomically
from twin.lang import Text
from twin.oracle import Verdict, judge
from twin.report.blocks import Block, Callout, Paragraph, TableBlock
from twin.report.document import Section
from twin.report.tables import Column, Table
from twin.scenario.keys import nearest
from twin.study.manifest import ROOT, code_sha256

KERNEL = "twin"
_SIGNIFICANT = 9


@dataclass(frozen=True)
class Row:
    """One oracle as it is told: whose it is, what was expected, what came."""

    owner: str
    id: str
    what: Text
    source: str
    unit: str
    expected: float
    tolerance: float
    computed: float
    holds: bool


@dataclass(frozen=True)
class Verification:
    """What was checked; `without` names the utilities that list no oracle."""

    rows: tuple[Row, ...]
    without: tuple[str, ...]

    @property
    def failed(self) -> tuple[Row, ...]:
        """Return the rows that do not hold."""
        return tuple(row for row in self.rows if not row.holds)


def owners() -> tuple[str, ...]:
    """Return the kernel and every utility present."""
    found = sorted(
        path.name for path in (ROOT / "models").iterdir() if (path / "__init__.py").is_file()
    )
    return (KERNEL, *found)


def verify(only: Iterable[str] = ()) -> Verification:
    """Return what every oracle gives, or those of some owners alone.

    Raises
    ------
    InputError
        An owner nobody knows.
    """
    known = owners()
    asked = tuple(only) or known
    for name in asked:
        if name not in known:
            raise InputError(_unknown(name, known))
    rows: list[Row] = []
    without: list[str] = []
    for owner in asked:
        found = list(_rows(owner))
        rows += found
        without += [] if found else [owner]
    return Verification(tuple(rows), tuple(without))


def verified() -> Verification:
    """Return what every oracle gives, computed once for each state of the code.

    Kept in the project's own cache: an annex must not cost each report some seconds.
    """
    file = ROOT / "results" / ".cache" / f"oracles-{code_sha256()[:24]}.json"
    try:
        return _from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = verify()
    with suppress(OSError), write_atomically(file, "w") as handle:
        json.dump(as_json(found), handle, ensure_ascii=False, indent=1)
    return found


def as_json(found: Verification) -> dict[str, Any]:
    """Return the verification for programs."""
    return {
        "rows": [
            vars(row) | {"what": {"fr": row.what.fr, "en": row.what.en}} for row in found.rows
        ],
        "without_oracle": list(found.without),
        "failed": [row.id for row in found.failed],
    }


def oracle_table(found: Verification) -> Table:
    """Return every oracle, expected beside computed, with tolerance and source."""
    return Table(
        "verification",
        Text("Valeurs connues et valeurs calculées", "Known values and computed ones"),
        (
            Column("owner", Text("Module", "Module")),
            Column("what", Text("Ce qui est calculé", "What is computed")),
            Column("unit", Text("Unité", "Unit")),
            Column("expected", Text("Attendu", "Expected")),
            Column("computed", Text("Calculé", "Computed")),
            Column("tolerance", Text("Tolérance", "Tolerance")),
            Column("holds", Text("Tenu", "Holds")),
            Column("source", Text("Source", "Source")),
        ),
        tuple(
            (
                row.owner, row.what, "" if row.unit == "1" else row.unit, _digits(row.expected),
                _digits(row.computed), _digits(row.tolerance),
                Text("oui", "yes") if row.holds else Text("NON", "NO"), row.source,
            )
            for row in found.rows
        ),
    )  # fmt: skip


def summary_text(found: Verification) -> Text:
    """Return how many values were checked and which utilities have none."""
    checked, failed = len(found.rows), len(found.failed)
    french = f"{checked} valeurs connues recalculées, {failed} hors tolérance."
    english = f"{checked} known values recomputed, {failed} outside their tolerance."
    if found.without:
        names = ", ".join(found.without)
        return Text(
            f"{french} Sans valeur connue : {names}.", f"{english} No known value: {names}."
        )
    return Text(french, english)


def annex(found: Verification) -> Section:
    """Return the annex of a report."""
    blocks: list[Block] = [Paragraph(summary_text(found))]
    if found.failed:
        names = ", ".join(f"`{row.id}`" for row in found.failed)
        blocks.append(
            Callout(
                Text("Hors tolérance", "Outside tolerance"),
                Text(f"À examiner avant tout usage : {names}.", f"To look at first: {names}."),
                "warning",
            )
        )
    blocks.append(TableBlock(oracle_table(found), folded=True))
    title = Text(
        "Annexe : le calcul contre des valeurs connues",
        "Annex: the computation against known values",
    )
    return Section("verification", title, tuple(blocks))


def _rows(owner: str) -> Iterator[Row]:
    module = "twin.oracles" if owner == KERNEL else f"models.{owner}.oracles"
    if find_spec(module) is None:
        return
    for verdict in judge(import_module(module).oracles()):
        yield _row(owner, verdict)


def _row(owner: str, verdict: Verdict) -> Row:
    known = verdict.oracle
    return Row(owner, known.id, known.what, known.source, known.unit, known.expected,
               known.tolerance, verdict.computed, verdict.holds)  # fmt: skip


def _from_json(told: dict[str, Any]) -> Verification:
    rows = tuple(Row(**(each | {"what": Text(**each["what"])})) for each in told["rows"])
    return Verification(rows, tuple(told["without_oracle"]))


def _digits(value: float) -> Text:
    """Return a value with as many digits as sources print."""
    said = f"{value:.{_SIGNIFICANT}g}"
    return Text(said.replace(".", ","), said)


def _unknown(name: str, known: tuple[str, ...]) -> Fault:
    guess, listing = nearest(name, known), ", ".join(known)
    return Fault(
        Text(f"l'un de {listing}", f"one of {listing}"),
        Text(f"écrire « {guess} » ?", f"did you mean '{guess}'?")
        if guess
        else Text("lire run.py verify --help", "read run.py verify --help"),
        key="--only",
        value=name,
    )
