"""From a merged tree to frozen sections, with every fault found and none silently repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from twin.errors import Fault
from twin.lang import Text
from twin.scenario.keys import meant, unknown_key
from twin.scenario.origins import Origins
from twin.scenario.paths import models_in, resolve_paths
from twin.scenario.words import expected_text, shown

S = TypeVar("S", bound=BaseModel)
Location: TypeAlias = tuple[str | int, ...]


def build_section(
    tree: object, schema: type[S], prefix: str, origins: Origins
) -> tuple[S | None, list[Fault]]:
    """Return the validated section, or None and its faults.

    `prefix` is the dotted key of the section, empty for the keys of an option's head.
    """
    if not isinstance(tree, Mapping):
        return None, [_no_section(tree, prefix, origins)]
    resolved, faults = resolve_paths(tree, schema, prefix, origins)
    try:
        section = schema.model_validate(_tupled(resolved))
    except ValidationError as error:
        return None, faults + faults_of(error, schema, tree, prefix, origins)
    return (None if faults else section), faults


def _no_section(tree: object, prefix: str, origins: Origins) -> Fault:
    return Fault(
        expected=Text(f"une section [{prefix}]", f"a [{prefix}] section"),
        remedy=Text(f"ajouter la section [{prefix}]", f"add the section [{prefix}]"),
        file=str(origins.of(prefix)),
        key=origins.name(prefix),
        value=shown(tree),
    )


def _tupled(value: Any) -> Any:
    """Return lists as tuples, all the way down: a frozen section holds no list."""
    if isinstance(value, Mapping):
        return {key: _tupled(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tupled(item) for item in value)
    return value


def faults_of(
    error: ValidationError,
    schema: type[BaseModel],
    tree: Mapping[str, Any],
    prefix: str,
    origins: Origins,
) -> list[Fault]:
    """Return one fault per thing a validation found; `tree` is what was validated."""
    faults: list[Fault] = []
    explained: set[Location] = set()
    items = error.errors()
    for item in items:
        if item["type"] == "extra_forbidden":
            fault, place = _unknown(item["loc"], schema, tree, prefix, origins)
            faults.append(fault)
            explained.add(place)
    within = [item["loc"] for item in items]
    for item in items:
        loc = item["loc"]
        if item["type"] == "extra_forbidden" or loc in explained:
            continue  # a misspelled required key is one fault, not two
        if item["type"] == "too_short" and any(
            other[: len(loc)] == loc and other != loc for other in within
        ):
            continue  # the list is short only because its items were refused
        faults.append(_refused(item, tree, prefix, origins))
    return faults


def _unknown(
    loc: Location, schema: type[BaseModel], tree: Mapping[str, Any], prefix: str, origins: Origins
) -> tuple[Fault, Location]:
    """Return the fault of an unknown key, and the place of the key it was meant to be."""
    dotted = dotted_loc(prefix, loc)
    word, known = str(loc[-1]), _model_at(schema, loc).model_fields
    file, met = origins.of(dotted), shown(_value_at(tree, loc))
    fault = unknown_key(word, known, origins.name(dotted), file, met)
    return fault, (*loc[:-1], meant(word, known) or "")


def _refused(item: Any, tree: Mapping[str, Any], prefix: str, origins: Origins) -> Fault:
    loc, kind = item["loc"], item["type"]
    dotted = dotted_loc(prefix, loc)
    value = _value_at(tree, loc)
    remedy = Text("corriger cette valeur", "mend this value")
    if kind == "missing":
        value, remedy = None, Text("ajouter cette clé", "add this key")
    elif kind == "value_error" and isinstance(value, Mapping):
        value, remedy = None, Text("mettre ces clés d'accord", "make these keys agree")
    return Fault(
        expected=expected_text(item),
        remedy=remedy,
        file=str(origins.of(dotted)),
        key=origins.name(dotted),
        value=shown(value),
    )


def _model_at(schema: type[BaseModel], loc: Location) -> type[BaseModel]:
    """Return the section class that holds the last part of `loc`."""
    model = schema
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        inner = models_in(field.annotation) if field is not None else []
        if inner:
            model = inner[0]
    return model


def _value_at(tree: Any, loc: Location) -> Any:
    """Return what the file says at `loc`, or None where it says nothing."""
    for part in loc:
        inside = part in tree if isinstance(tree, Mapping) else isinstance(tree, list)
        if not inside:
            return None
        tree = tree[part]
    return tree


def dotted_loc(prefix: str, loc: Iterable[str | int]) -> str:
    """Return `prefix.a[0].b` for a validation location."""
    text = prefix
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text
