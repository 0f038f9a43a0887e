"""File names in a section: resolved from the file that wrote them, and found again for hashing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from twin.errors import Fault
from twin.lang import Text
from twin.scenario.origins import Origins
from twin.scenario.schema import InputPath
from twin.scenario.words import shown


def resolve_paths(
    tree: Mapping[str, Any], schema: type[BaseModel], prefix: str, origins: Origins
) -> tuple[dict[str, Any], list[Fault]]:
    """Return `tree` with its file names made relative to the scenario file that wrote them.

    Also returns one fault per named file that is not there.
    """
    resolved = dict(tree)
    faults: list[Fault] = []
    for name, field in schema.model_fields.items():
        if name not in tree:
            continue
        dotted = f"{prefix}.{name}" if prefix else name
        mark = _path_mark(field.annotation, field.metadata)
        if mark is not None:
            listed = get_origin(field.annotation) is tuple
            if isinstance(tree[name], list) is not listed:
                continue  # the schema says what was expected
            resolved[name], more = _resolve_names(tree[name], mark, dotted, origins)
        else:
            inner = models_in(field.annotation)
            resolved[name], more = _resolve_inner(
                tree[name], inner, dotted, origins, keyed=get_origin(field.annotation) is dict
            )
        faults += more
    return resolved, faults


def _resolve_inner(
    value: Any, inner: list[type[BaseModel]], dotted: str, origins: Origins, *, keyed: bool
) -> tuple[Any, list[Fault]]:
    """Resolve the sections held by one field: alone, in a list or by name."""
    if not inner:
        return value, []
    if isinstance(value, Mapping) and not keyed:
        return resolve_paths(value, inner[0], dotted, origins)
    faults: list[Fault] = []

    def one(item: Any, place: str) -> Any:
        if not isinstance(item, Mapping):
            return item
        resolved, more = resolve_paths(item, inner[0], place, origins)
        faults.extend(more)
        return resolved

    if isinstance(value, Mapping):
        return {key: one(item, f"{dotted}.{key}") for key, item in value.items()}, faults
    if isinstance(value, list):
        return [one(item, f"{dotted}[{index}]") for index, item in enumerate(value)], faults
    return value, []


def _resolve_names(
    value: Any, mark: InputPath, dotted: str, origins: Origins
) -> tuple[Any, list[Fault]]:
    """Return one file name, or a list of them, as paths."""
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) for entry in names):
        return value, []  # the schema says what was expected
    file = origins.of(dotted)
    paths = [file.parent / entry for entry in names]
    faults = [
        _missing_file(path, entry, file, origins.name(dotted), folder_allowed=mark.folder_allowed)
        for path, entry in zip(paths, names, strict=True)
        if not _is_there(path, folder_allowed=mark.folder_allowed)
    ]
    return (paths if isinstance(value, list) else paths[0]), faults


def _is_there(path: Path, *, folder_allowed: bool) -> bool:
    # Path.exists raises on a name too long for the disk; here that too is a file not there.
    found = os.path.isfile(path)  # noqa: PTH113 - see above
    return found or (folder_allowed and os.path.isdir(path))  # noqa: PTH112 - see above


def _missing_file(path: Path, entry: str, file: Path, key: str, *, folder_allowed: bool) -> Fault:
    expected = Text("un fichier existant", "an existing file")
    if folder_allowed:
        expected = Text("un fichier ou un dossier existant", "an existing file or folder")
    folder = shown(str(path.parent))
    return Fault(
        expected=expected,
        remedy=Text(
            f"déposer le fichier dans {folder} ou corriger le nom",
            f"put the file in {folder} or mend the name",
        ),
        file=str(file),
        key=key,
        value=shown(entry),
    )


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the section classes an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def _path_mark(annotation: Any, metadata: list[Any]) -> InputPath | None:
    """Return the mark of a field that names files, or None."""
    for item in (*metadata, *getattr(annotation, "__metadata__", ())):
        if isinstance(item, InputPath):
            return item
    for part in get_args(annotation):
        mark = _path_mark(part, [])
        if mark is not None:
            return mark
    return None


def paths_in(value: object) -> list[Path]:
    """Return every file named anywhere in a validated section."""
    if isinstance(value, Path):
        return [value]
    if isinstance(value, BaseModel):
        inside = [getattr(value, name) for name in type(value).model_fields]
    elif isinstance(value, Mapping):
        inside = list(value.values())
    elif isinstance(value, list | tuple):
        inside = list(value)
    else:
        return []
    return [path for item in inside for path in paths_in(item)]
