"""The assumptions table: every uncertain figure with its range, unit, status and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from twin.decide.priors import Distribution, Prior, Status
from twin.errors import Fault, InputError, ScenarioError
from twin.lang import Text
from twin.scenario.keys import unknown_key
from twin.scenario.origins import Origins
from twin.scenario.schema import AssumptionOverride, AssumptionsSection
from twin.tables import Column, Kind, Table, read_table

_STATUS = {
    "sourced": Status.SOURCED,
    "derived": Status.DERIVED,
    "unverified": Status.UNVERIFIED,
}
_DISTRIBUTIONS = (
    Distribution.PERT,
    Distribution.UNIFORM,
    Distribution.FIXED,
    Distribution.SCENARIO,
)

_COLUMNS: Mapping[str, Column] = {
    "id": Column(Kind.TEXT, unique=True, pattern=r"[a-z0-9_]+"),
    "label_fr": Column(Kind.TEXT),
    "label_en": Column(Kind.TEXT),
    "unit": Column(Kind.TEXT),
    "low": Column(),
    "mode": Column(),
    "high": Column(),
    "distribution": Column(Kind.TEXT, choices=tuple(map(str, _DISTRIBUTIONS))),
    "status": Column(Kind.TEXT, choices=tuple(_STATUS)),
    "source": Column(Kind.TEXT),
}


def read_assumptions(section: AssumptionsSection, origins: Origins) -> Mapping[str, Prior]:
    """Return the priors of the table, with the planner's own figures laid over them.

    `origins` says which scenario file wrote each override, for messages.

    Raises
    ------
    DataError
        As :func:`twin.tables.read_table`.
    ScenarioError
        Figures out of order, or an override of a figure the table does not have.
    """
    table = read_table(section.table, _COLUMNS)
    names = table.texts("id")
    faults: list[Fault] = []
    priors: dict[str, Prior] = {}
    for row, name in enumerate(names):
        try:
            priors[name] = _prior(table, row, section.override.get(name))
        except InputError as error:
            faults += [_placed(fault, table, row, section, origins) for fault in error.faults]
    for name in section.override:
        if name not in names:
            dotted = f"assumptions.override.{name}"
            faults.append(unknown_key(name, names, dotted, origins.of(dotted), ""))
    if faults:
        raise ScenarioError(*faults)
    return priors


def _prior(table: Table, row: int, override: AssumptionOverride | None) -> Prior:
    """Return the prior of one row, or the planner's own figure in its place."""
    status = override.status if override else table.texts("status")[row]
    return Prior(
        name=table.texts("id")[row],
        label=Text(table.texts("label_fr")[row], table.texts("label_en")[row]),
        unit=table.texts("unit")[row],
        low=override.low if override else float(table.numbers("low")[row]),
        mode=override.mode if override else float(table.numbers("mode")[row]),
        high=override.high if override else float(table.numbers("high")[row]),
        distribution=Distribution(table.texts("distribution")[row]),
        status=_STATUS[status],
        source=override.source if override else table.texts("source")[row],
    )


def _placed(
    fault: Fault, table: Table, row: int, section: AssumptionsSection, origins: Origins
) -> Fault:
    """Return the fault of a prior with the file and key that wrote it."""
    name = table.texts("id")[row]
    if name not in section.override:
        column = f"low, mode, high ({name})"
        return table.fault(row, column, fault.value, fault.expected, fault.remedy)
    dotted = f"assumptions.override.{name}"
    return replace(fault, file=str(origins.of(dotted)), key=dotted)
