"""TOML files merged through `extends`, remembering which file each key came from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.errors import Fault, ScenarioError
from twin.lang import Text

Tree = dict[str, Any]


class Origins:
    """Which file gave each dotted key."""

    def __init__(self) -> None:
        self._file_of: dict[str, Path] = {}

    def note(self, tree: Mapping[str, Any], file: Path, prefix: str = "") -> None:
        """Remember that every key of `tree` was given by `file`."""
        for key, value in tree.items():
            dotted = f"{prefix}{key}"
            self._file_of[dotted] = file
            if isinstance(value, Mapping):
                self.note(value, file, f"{dotted}.")
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, Mapping):
                        self._file_of[f"{dotted}[{index}]"] = file
                        self.note(item, file, f"{dotted}[{index}].")

    def of(self, dotted: str) -> Path:
        """Return the file of `dotted`, or of the nearest key above it."""
        while dotted and dotted not in self._file_of:
            cut = max(dotted.rfind("."), dotted.rfind("["))
            dotted = dotted[:cut] if cut > 0 else ""
        return self._file_of.get(dotted, next(reversed(self._file_of.values()), Path()))


def overlay(base: Tree, top: Mapping[str, Any]) -> Tree:
    """Return `base` with `top` laid over it: tables merge, everything else is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, Mapping):
            merged[key] = overlay(below, value)
        else:
            merged[key] = value
    return merged


def read_toml(path: Path, named_by: Path | None = None) -> Tree:
    """Return the content of one TOML file.

    Raises
    ------
    ScenarioError
        Where the file is missing, is not UTF-8 or is not TOML (the message names the line).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        key = "extends" if named_by else ""
        raise ScenarioError(
            Fault(
                expected=Text("un fichier de scénario lisible", "a readable scenario file"),
                remedy=Text(
                    "vérifier le chemin ; un exemple : scenarios/indre/gateways.toml",
                    "check the path; an example: scenarios/indre/gateways.toml",
                ),
                file=str(named_by or path),
                key=key,
                value=str(path),
            )
        ) from None
    except UnicodeDecodeError as error:
        raise ScenarioError(
            Fault(
                expected=Text("un texte encodé en UTF-8", "text encoded in UTF-8"),
                remedy=Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"),
                file=str(path),
                key=f"octet {error.start}",
                value=repr(error.object[error.start : error.start + 1]),
            )
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            Fault(
                expected=Text("du TOML valide", "valid TOML"),
                remedy=Text(
                    "corriger la syntaxe à la ligne indiquée (https://toml.io)",
                    "mend the syntax at the line given (https://toml.io)",
                ),
                file=str(path),
                value=str(error),
            )
        ) from None


def read_extended(path: Path) -> tuple[Tree, Origins, tuple[Path, ...]]:
    """Return the scenario at `path` over everything it extends, its origins and its files."""
    chain: list[tuple[Path, Tree]] = []
    current, named_by = path, None
    while True:
        tree = read_toml(current, named_by)
        parent = tree.pop("extends", None)
        chain.append((current, tree))
        if parent is None:
            break
        if not isinstance(parent, str):
            raise ScenarioError(
                _extends_fault(
                    current, repr(parent), Text("un nom de fichier entre guillemets", "a file name")
                )
            )
        named_by, current = current, (current.parent / parent)
        if any(current.resolve() == seen.resolve() for seen, _ in chain):
            raise ScenarioError(
                _extends_fault(
                    named_by,
                    parent,
                    Text("une chaîne sans boucle", "a chain without a loop"),
                )
            )
    merged: Tree = {}
    origins = Origins()
    for file, tree in reversed(chain):
        merged = overlay(merged, tree)
        origins.note(tree, file)
    return merged, origins, tuple(file for file, _ in chain)


def _extends_fault(file: Path, value: str, expected: Text) -> Fault:
    return Fault(
        expected=expected,
        remedy=Text(
            "nommer le scénario de base, par exemple extends = \"indre.toml\"",
            "name the base scenario, for instance extends = \"indre.toml\"",
        ),
        file=str(file),
        key="extends",
        value=value,
    )
