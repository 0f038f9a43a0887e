"""The links a scenario names: [links.<name>] says which package and that package's own settings.

`none` and `ideal`, the control group, exist without being declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from twin.errors import Fault, ScenarioError
from twin.lang import Text
from twin.scenario.merge import overlay
from twin.scenario.origins import Origins
from twin.scenario.utilities import settings_of
from twin.scenario.validate import build_section
from twin.scenario.words import shown

SECTION = "links"

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "none": {"package": "models.links", "kind": "none"},
    "ideal": {"package": "models.links", "kind": "ideal"},
}
"""Links that need no section; a section of their name may add keys (a window)."""

EXAMPLE = Text(
    'écrire par exemple package = "models.links"', 'write, say, package = "models.links"'
)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class NamedLink:
    """One link of an option: the dotted name of its package and its settings."""

    package: str
    settings: BaseModel


def read_links(
    base: object, over: object, base_origins: Origins, origins: Origins
) -> tuple[dict[str, NamedLink], list[Fault]]:
    """Return the links of one option: what it says laid over what the scenario says.

    `base` and `over` are the `links` sections of the scenario and of the option, None where there
    is none.
    """
    declared: Mapping[str, Any] = BUILT_IN
    for tree, whose in ((base, base_origins), (over, origins)):
        if tree is None:
            continue
        if not isinstance(tree, Mapping):
            return {}, [_no_links(tree, whose)]
        declared = overlay(declared, tree)
    links: dict[str, NamedLink] = {}
    faults: list[Fault] = []
    for name, tree in declared.items():
        link, more = _read_link(name, tree, origins)
        faults += more
        if link is not None:
            links[name] = link
    return links, faults


def link_schema_of(package: str) -> type[BaseModel]:
    """Return the schema of the settings of a package of links.

    Raises
    ------
    ScenarioError
        Where there is no such package, or it makes no link.
    """
    schema, expected = settings_of(package, "make")
    if schema is None:
        remedy = Text("écrire par exemple models.links", "write, say, models.links")
        raise ScenarioError(Fault(expected, remedy, key="--link", value=shown(package)))
    return schema


def _read_link(name: str, tree: object, origins: Origins) -> tuple[NamedLink | None, list[Fault]]:
    dotted = f"{SECTION}.{name}"
    if not _NAME.fullmatch(name):
        return None, [_bad_name(name, origins)]
    if not isinstance(tree, Mapping):
        return None, build_section(tree, BaseModel, dotted, origins)[1]
    package = tree.get("package")
    schema, expected = settings_of(package, "make")
    faults = list(_changed(name, tree, origins))
    if schema is None:
        key = f"{dotted}.package"
        file = str(origins.of(key))
        fault = Fault(expected, EXAMPLE, file=file, key=origins.name(key), value=shown(package))
        return None, [*faults, fault]
    own = {key: value for key, value in tree.items() if key != "package"}
    section, more = build_section(own, schema, dotted, origins)
    faults += more
    if section is None or faults:
        return None, faults
    return NamedLink(str(package), section), []


def _changed(name: str, tree: Mapping[str, Any], origins: Origins) -> list[Fault]:
    """Return a fault for each key that would turn a link of the control group into another."""
    return [
        Fault(
            Text(f"« {said} » : un lien de ce nom", f"'{said}': what a link of this name is"),
            Text("donner un autre nom à ce lien", "give this link another name"),
            file=str(origins.of(f"{SECTION}.{name}.{key}")),
            key=origins.name(f"{SECTION}.{name}.{key}"),
            value=shown(tree[key]),
        )
        for key, said in BUILT_IN.get(name, {}).items()
        if tree[key] != said
    ]


def _no_links(tree: object, origins: Origins) -> Fault:
    return Fault(
        Text("une section par lien : [links.<nom>]", "a section a link: [links.<name>]"),
        Text("écrire par exemple [links.own]", "write, say, [links.own]"),
        file=str(origins.of(SECTION)),
        key=origins.name(SECTION),
        value=shown(tree),
    )


def _bad_name(name: str, origins: Origins) -> Fault:
    return Fault(
        Text("des minuscules, chiffres, - et _", "small letters, digits, - and _"),
        Text("renommer ce lien", "rename this link"),
        file=str(origins.of(SECTION)),
        key=origins.name(SECTION),
        value=shown(name),
    )
