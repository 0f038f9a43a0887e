"""The options of a scenario: each [[option]] laid over what they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from twin.errors import Fault, ScenarioError
from twin.lang import Text
from twin.scenario.keys import unknown_key
from twin.scenario.links import SECTION, NamedLink, read_links
from twin.scenario.merge import Tree, overlay
from twin.scenario.origins import OptionOrigins, Origins
from twin.scenario.schema import OptionHead
from twin.scenario.utilities import Utility
from twin.scenario.validate import build_section
from twin.scenario.words import shown


@dataclass(frozen=True)
class Option:
    """One setting of what can be bought: a name, and the settings of each utility under it.

    `links` are the links a utility may name; `origins` says which file wrote each key of `settings`
    and `links`, for messages.
    """

    id: str
    name: Text
    settings: Mapping[str, BaseModel]
    answers: bool = True
    links: Mapping[str, NamedLink] = field(default_factory=dict)
    origins: Origins = field(default_factory=lambda: Origins(Path()), compare=False, repr=False)

    def link(self, name: str, key: str = "link") -> NamedLink:
        """Return the link called `name`; `key` is the dotted key that asks for it.

        Raises
        ------
        ScenarioError
            Naming the known links and the nearest.
        """
        if name in self.links:
            return self.links[name]
        file = self.origins.of(key)
        raise ScenarioError(unknown_key(name, self.links, self.origins.name(key), file, name))


def read_options(
    tree: Tree, utilities: Mapping[str, Utility], origins: Origins, ignored: Collection[str]
) -> tuple[tuple[Option, ...], list[Fault]]:
    """Return the options, each with every utility's settings laid over the base.

    `ignored` names sections of utilities that could not be found: they already have their fault.
    """
    raw_options = tree.get("option")
    if not isinstance(raw_options, list) or not raw_options:
        _, faults = _settings({}, tree, utilities, origins, origins)
        faults += read_links(tree.get(SECTION), None, origins, origins)[1]
        return (), [_no_option(raw_options, "option", origins), *faults]
    options: list[Option] = []
    faults = _repeated(raw_options, origins)
    for index, raw in enumerate(raw_options):
        if not isinstance(raw, Mapping):
            more = [_no_option(raw, f"option[{index}]", origins)]
        else:
            own = {key: value for key, value in raw.items() if key not in ignored}
            option, more = _read_option(own, index, tree, utilities, origins)
            options += [option] if option is not None else []
        # What the base got wrong is wrong under every option: it is said once.
        faults += [fault for fault in more if fault not in faults]
    return tuple(options), faults


def _read_option(
    raw: Mapping[str, Any],
    index: int,
    tree: Tree,
    utilities: Mapping[str, Utility],
    base: Origins,
) -> tuple[Option | None, list[Fault]]:
    shared = (*utilities, SECTION)
    origins = OptionOrigins(base, index, raw, shared)
    own = {key: value for key, value in raw.items() if key not in shared}
    head, faults = build_section(own, OptionHead, "", origins)
    settings, more = _settings(raw, tree, utilities, origins, base)
    faults += more
    links, more = read_links(tree.get(SECTION), raw.get(SECTION), base, origins)
    faults += more
    if head is None or faults:
        return None, faults
    name = Text(head.name, head.name_en)
    return Option(head.id, name, settings, head.answers, links, origins), []


def _settings(
    raw: Mapping[str, Any],
    tree: Tree,
    utilities: Mapping[str, Utility],
    origins: Origins,
    base_origins: Origins,
) -> tuple[dict[str, BaseModel], list[Fault]]:
    """Return the settings of each utility under one option."""
    settings: dict[str, BaseModel] = {}
    faults: list[Fault] = []
    for name, utility in utilities.items():
        base, over = tree.get(name, {}), raw.get(name, {})
        if not isinstance(base, Mapping):
            section, more = build_section(base, utility.schema, name, base_origins)
        else:
            merged = overlay(base, over) if isinstance(over, Mapping) else over
            section, more = build_section(merged, utility.schema, name, origins)
        faults += more
        if section is not None:
            settings[name] = section
    return settings, faults


def _repeated(raw_options: list[Any], origins: Origins) -> list[Fault]:
    """Return one fault for each id that an option before it has already."""
    ids = [raw.get("id") if isinstance(raw, Mapping) else None for raw in raw_options]
    return [
        Fault(
            expected=Text("un id différent par option", "a different id per option"),
            remedy=Text("renommer l'une des deux", "rename one of the two"),
            file=str(origins.of(f"option[{index}]")),
            key=f"option[{index + 1}].id",
            value=name,
        )
        for index, name in enumerate(ids)
        if isinstance(name, str) and name in ids[:index]
    ]


def _no_option(value: object, key: str, origins: Origins) -> Fault:
    return Fault(
        expected=Text("au moins une option [[option]]", "at least one [[option]]"),
        remedy=Text(
            "écrire [[option]] (deux crochets) puis id, name et name_en",
            "write [[option]] (two brackets), then id, name and name_en",
        ),
        file=str(origins.of(key)),
        key=key,
        value=shown(value),
    )
