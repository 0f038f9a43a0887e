"""A scenario: the world, its uncertainties and the options that meet them, read whole or refused."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from twin.decide.priors import Prior
from twin.errors import Fault, InputError, ScenarioError
from twin.lang import Text
from twin.scenario.assumptions import read_assumptions
from twin.scenario.merge import Origins, Tree, overlay, read_extended
from twin.scenario.schema import (
    AssumptionsSection,
    MoneySection,
    OptionHead,
    StudySection,
    TerritorySection,
)
from twin.scenario.validate import build_section, unknown_key

_OWN = ("study", "territory", "money", "assumptions", "models", "option")


@dataclass(frozen=True)
class Option:
    """One setting of what can be bought: a name, and the settings of each utility under it."""

    id: str
    name: Text
    settings: Mapping[str, BaseModel]
    answers: bool = True


@dataclass(frozen=True)
class Scenario:
    """The world and its options. `models` maps a section's name to the package that owns it."""

    path: Path
    files: tuple[Path, ...]
    study: StudySection
    territory: TerritorySection
    money: MoneySection
    models: Mapping[str, str]
    assumptions: Mapping[str, Prior]
    options: tuple[Option, ...]
    digest: str
    quick: bool = False

    @property
    def name(self) -> str:
        """Return the study's short name: the scenario's file name."""
        return self.path.stem

    def option(self, option_id: str) -> Option:
        """Return the option named `option_id`."""
        for option in self.options:
            if option.id == option_id:
                return option
        known = [option.id for option in self.options]
        raise ScenarioError(
            unknown_key(option_id, known, "option", self.path, option_id),
        )


def load_scenario(path: Path, *, quick: bool = False) -> Scenario:
    """Return the scenario at `path`; `quick` asks the models for a rougher, faster answer.

    Raises
    ------
    ScenarioError
        Once, with every fault found in the files, the sections and the tables.
    """
    tree, origins, files = read_extended(path)
    faults: list[Fault] = []

    study, more = build_section(tree.get("study"), StudySection, "study", origins)
    faults += more
    territory, more = build_section(tree.get("territory"), TerritorySection, "territory", origins)
    faults += more
    money, more = build_section(tree.get("money", {}), MoneySection, "money", origins)
    faults += more
    table, more = build_section(
        tree.get("assumptions"), AssumptionsSection, "assumptions", origins
    )
    faults += more
    models, more = _find_models(tree, origins)
    faults += more
    faults += _unknown_sections(tree, models, origins)
    options, more = _read_options(tree, models, origins)
    faults += more
    assumptions: Mapping[str, Prior] = {}
    if table is not None:
        try:
            assumptions = read_assumptions(table, origins.of("assumptions.override"))
        except InputError as error:
            faults += error.faults
    if faults or study is None or territory is None or money is None:
        raise ScenarioError(*faults)
    return Scenario(
        path=path,
        files=files,
        study=study,
        territory=territory,
        money=money,
        models={name: module for name, (module, _) in models.items()},
        assumptions=assumptions,
        options=options,
        digest=_digest(tree, _named_files(table, territory, options)),
        quick=quick,
    )


def _find_models(
    tree: Tree, origins: Origins
) -> tuple[dict[str, tuple[str, type[BaseModel]]], list[Fault]]:
    """Import the settings schema of each utility named in [models]."""
    found: dict[str, tuple[str, type[BaseModel]]] = {}
    faults: list[Fault] = []
    declared = tree.get("models", {})
    if not isinstance(declared, Mapping) or not declared:
        return found, [
            _model_fault(origins, "models", "", Text("au moins un modèle", "at least one model"))
        ]
    for name, module in declared.items():
        try:
            settings = importlib.import_module(f"{module}.settings")
        except ModuleNotFoundError as error:
            if error.name is not None and not f"{module}.settings".startswith(error.name):
                raise
            expected = Text("un module présent, par exemple models.lora", "a module that exists")
            faults.append(_model_fault(origins, f"models.{name}", str(module), expected))
            continue
        found[name] = (str(module), settings.Settings)
    return found, faults


def _model_fault(origins: Origins, key: str, value: str, expected: Text) -> Fault:
    return Fault(
        expected=expected,
        remedy=Text('écrire par exemple lora = "models.lora"', 'write, say, lora = "models.lora"'),
        file=str(origins.of(key)),
        key=key,
        value=value,
    )


def _unknown_sections(
    tree: Tree, models: Mapping[str, object], origins: Origins
) -> list[Fault]:
    known = [*_OWN, *models]
    return [
        unknown_key(key, known, key, origins.of(key), "")
        for key in tree
        if key not in known and key != "extends"
    ]


def _read_options(
    tree: Tree, models: Mapping[str, tuple[str, type[BaseModel]]], origins: Origins
) -> tuple[tuple[Option, ...], list[Fault]]:
    """Return the options, each with every utility's settings laid over the base."""
    raw_options = tree.get("option")
    if not isinstance(raw_options, list) or not raw_options:
        fault = Fault(
            expected=Text("au moins une option [[option]]", "at least one [[option]]"),
            remedy=Text(
                "ajouter [[option]] avec id, name et name_en",
                "add [[option]] with id, name and name_en",
            ),
            file=str(origins.of("option")),
            key="option",
            value="" if raw_options is None else str(raw_options)[:60],
        )
        return (), [fault]
    options: list[Option] = []
    faults: list[Fault] = []
    for index, raw in enumerate(raw_options):
        option, more = _read_option(raw, f"option[{index}]", tree, models, origins)
        faults += more
        if option is None:
            continue
        if any(option.id == other.id for other in options):
            faults.append(
                Fault(
                    expected=Text("un id différent par option", "a different id per option"),
                    remedy=Text("renommer l'une des deux", "rename one of the two"),
                    file=str(origins.of(f"option[{index}]")),
                    key=f"option[{index}].id",
                    value=option.id,
                )
            )
        options.append(option)
    return tuple(options), faults


def _read_option(
    raw: object,
    prefix: str,
    tree: Tree,
    models: Mapping[str, tuple[str, type[BaseModel]]],
    origins: Origins,
) -> tuple[Option | None, list[Fault]]:
    if not isinstance(raw, Mapping):
        return build_section(raw, OptionHead, prefix, origins)[0], []  # type: ignore[return-value]
    faults: list[Fault] = []
    own = {key: value for key, value in raw.items() if key not in models}
    head, more = build_section(own, OptionHead, prefix, origins)
    faults += more
    settings: dict[str, BaseModel] = {}
    for name, (_, schema) in models.items():
        over = raw.get(name, {})
        base = tree.get(name, {})
        if isinstance(over, Mapping) and isinstance(base, Mapping):
            merged: Any = overlay(dict(base), over)
        else:
            merged = over
        where = _OptionOrigins(origins, name, f"{prefix}.{name}", over)
        section, more = build_section(merged, schema, name, where)
        faults += [fault for fault in more if fault not in faults]
        if section is not None:
            settings[name] = section
    if head is None or faults:
        return None, faults
    option = Option(head.id, Text(head.name, head.name_en), settings, answers=head.answers)
    return option, faults


class _OptionOrigins(Origins):
    """Origins of one utility's section under one option: what the option says, else the base."""

    def __init__(self, base: Origins, section: str, prefix: str, over: object) -> None:
        super().__init__()
        self._base, self._section, self._prefix, self._over = base, section, prefix, over

    def of(self, dotted: str) -> Path:
        rest = dotted.removeprefix(f"{self._section}.")
        node: object = self._over
        for part in rest.split("."):
            if not (isinstance(node, Mapping) and part in node):
                return self._base.of(dotted)
            node = node[part]
        return self._base.of(self._prefix)


def _named_files(
    table: AssumptionsSection | None, territory: TerritorySection | None, options: tuple[Option, ...]
) -> list[Path]:
    sections: list[BaseModel] = [section for section in (table, territory) if section is not None]
    sections += [section for option in options for section in option.settings.values()]
    return sorted({path for section in sections for path in paths_in(section)})


def paths_in(value: object) -> list[Path]:
    """Return every file named anywhere in a validated section."""
    if isinstance(value, Path):
        return [value]
    if isinstance(value, BaseModel):
        return [path for name in type(value).model_fields for path in paths_in(getattr(value, name))]
    if isinstance(value, list | tuple):
        return [path for item in value for path in paths_in(item)]
    return []


def _digest(tree: Tree, files: list[Path]) -> str:
    """Return a hash of the merged scenario and of every file it names: same digest, same world."""
    summary = hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode())
    for path in files:
        for part in [path] if path.is_file() else sorted(path.rglob("*")):
            if part.is_file():
                summary.update(part.name.encode())
                summary.update(part.read_bytes())
    return summary.hexdigest()
