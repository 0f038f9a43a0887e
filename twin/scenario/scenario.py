"""A scenario: the world, its uncertainties and the options, read whole or refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from twin.decide.priors import Prior
from twin.errors import Fault, InputError, ScenarioError
from twin.scenario.assumptions import read_assumptions
from twin.scenario.keys import meant, unknown_key
from twin.scenario.links import SECTION as LINKS
from twin.scenario.merge import Tree, read_extended
from twin.scenario.options import Option, read_options
from twin.scenario.origins import Origins
from twin.scenario.paths import paths_in
from twin.scenario.schema import (
    AssumptionsSection,
    MoneySection,
    StudySection,
    TerritorySection,
)
from twin.scenario.utilities import find_utilities
from twin.scenario.validate import build_section
from twin.scenario.words import shown

S = TypeVar("S", bound=BaseModel)

OWN_SECTIONS: Mapping[str, type[BaseModel]] = {
    "study": StudySection,
    "territory": TerritorySection,
    "money": MoneySection,
    "assumptions": AssumptionsSection,
}
"""The kernel's sections. `models`, `links` and `option` stand beside them."""

RESERVED = (*OWN_SECTIONS, "models", LINKS, "option", "extends")


@dataclass(frozen=True)
class Scenario:
    """The world and its options.

    `models` maps a section's name to the package that owns it; `origins` says which file wrote each
    key, for messages.
    """

    path: Path
    files: tuple[Path, ...]
    study: StudySection
    territory: TerritorySection
    money: MoneySection
    models: Mapping[str, str]
    assumptions: Mapping[str, Prior]
    options: tuple[Option, ...]
    digest: str
    inputs: tuple[Path, ...] = ()
    quick: bool = False
    origins: Origins = field(default_factory=lambda: Origins(Path()), compare=False, repr=False)

    @property
    def name(self) -> str:
        """Return the study's short name: the scenario's file name."""
        return self.path.stem

    def option(self, option_id: str) -> Option:
        """Return the option named `option_id`.

        Raises
        ------
        ScenarioError
            Naming the nearest known option.
        """
        for option in self.options:
            if option.id == option_id:
                return option
        known = [option.id for option in self.options]
        raise ScenarioError(unknown_key(option_id, known, "option", self.path, option_id))


def load_scenario(path: Path, *, quick: bool = False) -> Scenario:
    """Return the scenario at `path`; `quick` asks the models for a rougher, faster answer.

    Raises
    ------
    ScenarioError
        Once, with every fault found in the files, the sections and the assumptions.
    """
    tree, origins, files = read_extended(path)
    utilities, faults = find_utilities(tree.get("models"), origins, RESERVED)
    lost = _sections_without_model(tree, utilities)
    misspelled = {
        meant(key, [*RESERVED, *utilities]): key
        for key in tree
        if key not in RESERVED and key not in utilities and key not in lost
    }
    faults += _unknown_sections(tree, [*RESERVED, *utilities], lost, origins)

    def section(name: str, schema: type[S]) -> S | None:
        if name not in tree and name in misspelled:
            return None  # the misspelled section has its fault
        # Money is the one section whose keys all have defaults.
        given = tree.get(name, {} if name == "money" else None)
        built, more = build_section(given, schema, name, origins)
        faults.extend(more)
        return built

    study = section("study", StudySection)
    territory = section("territory", TerritorySection)
    money = section("money", MoneySection)
    table = section("assumptions", AssumptionsSection)
    options, more = read_options(tree, utilities, origins, lost)
    faults += more
    assumptions: Mapping[str, Prior] = {}
    try:
        assumptions = {} if table is None else read_assumptions(table, origins)
    except InputError as error:
        faults += error.faults
    if faults or study is None or territory is None or money is None or table is None:
        raise ScenarioError(*faults)
    inputs = _named_files((table, territory, *_settings_of(options)))
    return Scenario(
        path=path,
        files=files,
        study=study,
        territory=territory,
        money=money,
        models={name: utility.package for name, utility in utilities.items()},
        assumptions=assumptions,
        options=options,
        digest=digest_of(tree, inputs),
        inputs=inputs,
        quick=quick,
        origins=origins,
    )


def _sections_without_model(tree: Tree, utilities: Mapping[str, object]) -> set[str]:
    """Return the sections that belong to a utility which could not be found.

    Where [models] itself is at fault, every section that looks like nothing known is one.
    """
    declared = tree.get("models")
    if isinstance(declared, Mapping) and declared:
        lost = {name: package for name, package in declared.items() if name not in utilities}
        packages = {str(package).rpartition(".")[2] for package in lost.values()}
        return (lost.keys() | packages) - set(RESERVED)
    return {
        key
        for key, value in tree.items()
        if isinstance(value, Mapping) and key not in RESERVED and meant(key, RESERVED) is None
    }


def _unknown_sections(
    tree: Tree, known: list[str], lost: set[str], origins: Origins
) -> list[Fault]:
    return [
        unknown_key(
            key, known, key, origins.of(key), "" if isinstance(value, Mapping) else shown(value)
        )
        for key, value in tree.items()
        if key not in known and key not in lost
    ]


def _settings_of(options: Iterable[Option]) -> list[BaseModel]:
    sections: list[BaseModel] = []
    for option in options:
        sections += option.settings.values()
        sections += [link.settings for link in option.links.values()]
    return sections


def _named_files(sections: Iterable[BaseModel]) -> tuple[Path, ...]:
    return tuple(sorted({path for section in sections for path in paths_in(section)}))


def digest_of(tree: Tree, inputs: Iterable[Path]) -> str:
    """Return a hash of the merged scenario and of every file it names: same digest, same world.

    Folders count with every file under them. Where the files lie does not matter, only what they
    are called and hold.
    """
    summary = hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode())
    for path in inputs:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            with file.open("rb") as handle:
                content = hashlib.file_digest(handle, "sha256").hexdigest()
            summary.update(f"{len(file.name)}:{file.name}:{content};".encode())
    return summary.hexdigest()
