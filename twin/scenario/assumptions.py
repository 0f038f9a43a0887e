"""The assumptions table: every uncertain figure with its range, unit, status and source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twin.decide.priors import Distribution, Prior, Status
from twin.errors import Fault, InputError, ScenarioError
from twin.lang import Text
from twin.scenario.schema import AssumptionOverride, AssumptionsSection
from twin.scenario.validate import unknown_key
from twin.tables import Column, Kind, read_table

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


def read_assumptions(section: AssumptionsSection, file: Path) -> Mapping[str, Prior]:
    """Return the priors of the table, with the planner's own figures laid over them.

    `file` is the scenario file that wrote the overrides, for messages.
    """
    table = read_table(section.table, _COLUMNS)
    faults: list[Fault] = []
    priors: dict[str, Prior] = {}
    for row, name in enumerate(table.texts("id")):
        override = section.override.get(name)
        try:
            priors[name] = Prior(
                name=name,
                label=Text(table.texts("label_fr")[row], table.texts("label_en")[row]),
                unit=table.texts("unit")[row],
                low=override.low if override else float(table.numbers("low")[row]),
                mode=override.mode if override else float(table.numbers("mode")[row]),
                high=override.high if override else float(table.numbers("high")[row]),
                distribution=Distribution(table.texts("distribution")[row]),
                status=_STATUS[override.status if override else table.texts("status")[row]],
                source=override.source if override else table.texts("source")[row],
            )
        except InputError as error:
            faults += [_placed(fault, section, name, override, file) for fault in error.faults]
    faults += [
        unknown_key(name, priors, f"assumptions.override.{name}", file, "")
        for name in section.override
        if name not in priors and not faults
    ]
    if faults:
        raise ScenarioError(*faults)
    return priors


def _placed(
    fault: Fault,
    section: AssumptionsSection,
    name: str,
    override: AssumptionOverride | None,
    file: Path,
) -> Fault:
    """Return the fault of a prior with the file and key that wrote it."""
    where = (str(file), f"assumptions.override.{name}") if override else (str(section.table), name)
    return Fault(
        expected=fault.expected,
        remedy=fault.remedy,
        file=where[0],
        key=where[1],
        value=fault.value,
    )
