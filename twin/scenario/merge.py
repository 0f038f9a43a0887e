"""TOML files merged through `extends`, remembering which file each key came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from twin.errors import Fault, ScenarioError
from twin.lang import Text
from twin.scenario.origins import Origins
from twin.scenario.toml_file import read_toml

Tree: TypeAlias = dict[str, Any]


def overlay(base: Mapping[str, Any], top: Mapping[str, Any]) -> Tree:
    """Return `base` with `top` laid over it: tables merge, everything else is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = overlay(below, value)
        else:
            merged[key] = value
    return merged


def read_extended(path: Path) -> tuple[Tree, Origins, tuple[Path, ...]]:
    """Return the scenario at `path` over everything it extends, its origins and its files.

    Raises
    ------
    ScenarioError
        As :func:`read_toml`; also where `extends` is not a file name or comes round in a loop.
    """
    chain: list[tuple[Path, Tree]] = []
    current: Path | None = path
    named_by: Path | None = None
    while current is not None:
        tree = read_toml(current, named_by)
        chain.append((current, tree))
        named_by, current = current, _parent(current, tree)
        if current is not None and any(current.resolve() == seen.resolve() for seen, _ in chain):
            names = " -> ".join(file.name for file, _ in (*chain, (current, tree)))
            raise _extends_error(
                named_by, names, Text("une chaîne sans boucle", "a chain without a loop")
            )
    merged: Tree = {}
    origins = Origins(path)
    for file, tree in reversed(chain):
        merged = overlay(merged, tree)
        origins.note(tree, file)
    if not merged:
        raise ScenarioError(_empty(path))
    return merged, origins, tuple(file for file, _ in chain)


def _empty(path: Path) -> Fault:
    return Fault(
        expected=Text("un scénario, le fichier est vide", "a scenario, the file is empty"),
        remedy=Text(
            "partir d'un exemple : scenarios/indre/gateways.toml",
            "start from an example: scenarios/indre/gateways.toml",
        ),
        file=str(path),
    )


def _parent(file: Path, tree: Tree) -> Path | None:
    """Take `extends` out of the tree and return the file it names."""
    parent = tree.pop("extends", None)
    if parent is None:
        return None
    if not isinstance(parent, str) or not parent.strip():
        raise _extends_error(
            file, str(parent), Text("un nom de fichier entre guillemets", "a file name in quotes")
        )
    return file.parent / parent


def _extends_error(file: Path, value: str, expected: Text) -> ScenarioError:
    return ScenarioError(
        Fault(
            expected=expected,
            remedy=Text(
                'nommer le scénario de base, par exemple extends = "indre.toml"',
                'name the base scenario, for instance extends = "indre.toml"',
            ),
            file=str(file),
            key="extends",
            value=value or '""',
        )
    )
