"""The utilities a scenario calls on: [models] names their packages, each brings its schema."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from twin.errors import Fault, ScenarioError
from twin.lang import Text
from twin.scenario.origins import Origins
from twin.scenario.words import shown

_PACKAGE = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+")


@dataclass(frozen=True)
class Utility:
    """One utility: the dotted name of its package and the schema of its section."""

    package: str
    schema: type[BaseModel]


def find_utilities(
    declared: object, origins: Origins, reserved: Collection[str]
) -> tuple[dict[str, Utility], list[Fault]]:
    """Import the settings schema of each utility named in [models]."""
    if not isinstance(declared, Mapping) or not declared:
        return {}, [
            _fault(origins, "models", declared, Text("au moins un modèle", "at least one model"))
        ]
    found: dict[str, Utility] = {}
    faults: list[Fault] = []
    for name, package in declared.items():
        utility, expected = _find(name, package, reserved)
        if utility is None:
            faults.append(_fault(origins, f"models.{name}", package, expected))
        else:
            found[name] = utility
    return found, faults


def schema_of(package: str) -> type[BaseModel]:
    """Return the schema of a utility's section.

    Raises
    ------
    ScenarioError
        Where there is no such package, or it is no utility.
    """
    utility, expected = _find(package.rpartition(".")[2], package, ())
    if utility is None:
        raise ScenarioError(
            Fault(
                expected=expected,
                remedy=Text("écrire par exemple models.lora", "write, say, models.lora"),
                key="--model",
                value=shown(package),
            )
        )
    return utility.schema


def _find(name: str, package: object, reserved: Collection[str]) -> tuple[Utility | None, Text]:
    """Return the utility, or None and what was expected."""
    expected = Text("un paquet présent", "a package that exists")
    if not isinstance(package, str) or not _PACKAGE.fullmatch(package):
        return None, expected
    if name in reserved or name != package.rpartition(".")[2]:
        own = package.rpartition(".")[2]
        return None, Text(f"le nom du paquet : {own}", f"the package's own name: {own}")
    schema, missing = settings_of(package, "settings")
    return (None, missing) if schema is None else (Utility(package, schema), expected)


def settings_of(package: object, needs: str) -> tuple[type[BaseModel] | None, Text]:
    """Return the class `Settings` of a package, or None and what was expected.

    `needs` is a module the package must also have to be what it is named for ("make" for a link).
    """
    expected = Text("un paquet présent", "a package that exists")
    if not isinstance(package, str) or not _PACKAGE.fullmatch(package):
        return None, expected
    try:
        settings: Any = importlib.import_module(f"{package}.settings")
    except ModuleNotFoundError as error:
        if error.name is None or not f"{package}.settings".startswith(error.name):
            raise  # the package is there and lacks something it needs: not the planner's fault
        return None, expected
    schema = getattr(settings, "Settings", None)
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        return None, Text("un paquet de modèle (Settings)", "the package of a model (Settings)")
    if importlib.util.find_spec(f"{package}.{needs}") is None:
        return None, Text(f"un paquet qui contient {needs}.py", f"a package that holds {needs}.py")
    return schema, expected


def _fault(origins: Origins, key: str, value: object, expected: Text) -> Fault:
    return Fault(
        expected=expected,
        remedy=Text('écrire par exemple lora = "models.lora"', 'write, say, lora = "models.lora"'),
        file=str(origins.of(key)),
        key=key,
        value=shown(value),
    )
