"""From a merged tree to frozen sections, with every fault found and none silently repaired."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from twin.errors import Fault
from twin.lang import Text, same
from twin.scenario.merge import Origins
from twin.scenario.schema import InputPath
from twin.units import SUFFIXES

S = TypeVar("S", bound=BaseModel)

_EXPECTED: dict[str, Text] = {
    "missing": Text("une valeur (clé obligatoire)", "a value (required key)"),
    "greater_than_equal": Text("au moins {ge}", "at least {ge}"),
    "greater_than": Text("plus de {gt}", "more than {gt}"),
    "less_than_equal": Text("au plus {le}", "at most {le}"),
    "less_than": Text("moins de {lt}", "less than {lt}"),
    "int_type": Text("un nombre entier", "a whole number"),
    "int_parsing": Text("un nombre entier", "a whole number"),
    "int_from_float": Text("un nombre entier", "a whole number"),
    "float_type": Text("un nombre", "a number"),
    "float_parsing": Text("un nombre", "a number"),
    "finite_number": Text("un nombre fini", "a finite number"),
    "bool_type": Text("true ou false", "true or false"),
    "bool_parsing": Text("true ou false", "true or false"),
    "string_type": Text("un texte entre guillemets", "text in quotes"),
    "string_too_short": Text("un texte non vide", "non-empty text"),
    "string_pattern_mismatch": Text("un texte de la forme {pattern}", "text matching {pattern}"),
    "literal_error": Text("l'une des valeurs {expected}", "one of {expected}"),
    "enum": Text("l'une des valeurs {expected}", "one of {expected}"),
    "model_type": Text("une section [..]", "a [..] section"),
    "dict_type": Text("une section [..]", "a [..] section"),
    "tuple_type": Text("une liste [..]", "a list [..]"),
    "list_type": Text("une liste [..]", "a list [..]"),
    "path_type": Text("un nom de fichier", "a file name"),
    "date_type": Text("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "date_from_datetime_parsing": Text("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`, or None where none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown_key(word: str, known: Iterable[str], dotted: str, file: Path, value: str) -> Fault:
    """Return the fault of a key nobody knows, naming the nearest known key or the wrong unit."""
    names = sorted(known)
    unit_twin = _same_quantity_other_unit(word, names)
    if unit_twin is not None:
        return Fault(
            expected=Text(f"la clé « {unit_twin} » (unité)", f"the key '{unit_twin}' (unit)"),
            remedy=Text(
                f"convertir la valeur et écrire {unit_twin} = …",
                f"convert the value and write {unit_twin} = …",
            ),
            file=str(file),
            key=dotted,
            value=value,
        )
    guess = nearest(word, names)
    listing = ", ".join(names)
    return Fault(
        expected=Text(f"une clé connue parmi : {listing}", f"a known key among: {listing}"),
        remedy=Text(f"écrire « {guess} » ?", f"did you mean '{guess}'?")
        if guess
        else Text("retirer cette clé", "remove this key"),
        file=str(file),
        key=dotted,
        value=value,
    )


def _same_quantity_other_unit(word: str, names: list[str]) -> str | None:
    for name in names:
        suffix = max((s for s in SUFFIXES if name.endswith(s)), key=len, default="")
        stem = name.removesuffix(suffix)
        if suffix and (word == stem or word.startswith(f"{stem}_")) and len(word) - len(stem) < 6:  # noqa: PLR2004 - "_feet" is the longest
            return name
    return None


def _model_at(schema: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the section class that holds the last part of `loc`."""
    model = schema
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        if field is None:
            continue
        inner = _models_in(field.annotation)
        if inner:
            model = inner[0]
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def dotted_loc(prefix: str, loc: Iterable[str | int]) -> str:
    """Return `prefix.a[0].b` for a validation location."""
    text = prefix
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def faults_of(
    error: ValidationError, schema: type[BaseModel], prefix: str, origins: Origins
) -> list[Fault]:
    """Return one fault per thing a validation found."""
    faults = []
    for item in error.errors():
        loc = item["loc"]
        dotted = dotted_loc(prefix, loc)
        file = origins.of(dotted)
        met = "" if item["type"] == "missing" else _short(item["input"])
        if item["type"] == "extra_forbidden":
            known = _model_at(schema, loc).model_fields
            faults.append(unknown_key(str(loc[-1]), known, dotted, file, met))
            continue
        template = _EXPECTED.get(item["type"], same(item["msg"].replace("{", "(")))
        context = {key: value for key, value in item.get("ctx", {}).items() if key != "error"}
        # A validator written here raises ValueError(Text-like "fr | en"): both are kept.
        if item["type"] == "value_error":
            french, _, english = item["msg"].removeprefix("Value error, ").partition(" | ")
            template = Text(french, english or french)
            context = {}
        expected = template.format(**context) if context else template
        faults.append(
            Fault(
                expected=expected,
                remedy=Text("corriger cette clé", "mend this key")
                if met
                else Text("ajouter cette clé", "add this key"),
                file=str(file),
                key=dotted,
                value=met,
            )
        )
    return faults


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - one line on a screen


def resolve_paths(
    tree: Mapping[str, Any], schema: type[BaseModel], prefix: str, origins: Origins
) -> tuple[dict[str, Any], list[Fault]]:
    """Return `tree` with its file names made relative to the scenario file that wrote them.

    Also returns one fault per named file that is not there.
    """
    resolved = dict(tree)
    faults: list[Fault] = []
    for name, field in schema.model_fields.items():
        if name not in tree or tree[name] is None:
            continue
        dotted = dotted_loc(prefix, [name])
        value = tree[name]
        if InputPath in field.metadata or _mentions_input_path(field.annotation):
            folder = origins.of(dotted).parent
            names = value if isinstance(value, list) else [value]
            if not all(isinstance(entry, str) for entry in names):
                continue  # the schema says what was expected
            paths = [folder / entry for entry in names]
            faults += [_missing_file(p, origins.of(dotted), dotted) for p in paths if not p.exists()]
            resolved[name] = paths if isinstance(value, list) else paths[0]
        elif isinstance(value, Mapping):
            inner = _models_in(field.annotation)
            if inner and name in schema.model_fields and not _is_mapping(field.annotation):
                resolved[name], more = resolve_paths(value, inner[0], dotted, origins)
                faults += more
    return resolved, faults


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict


def _mentions_input_path(annotation: Any) -> bool:
    if getattr(annotation, "__metadata__", None) and InputPath in annotation.__metadata__:
        return True
    return any(_mentions_input_path(part) for part in get_args(annotation))


def _missing_file(path: Path, file: Path, dotted: str) -> Fault:
    return Fault(
        expected=Text("un fichier existant", "an existing file"),
        remedy=Text(
            f"déposer le fichier dans {path.parent} ou corriger le nom",
            f"put the file in {path.parent} or mend the name",
        ),
        file=str(file),
        key=dotted,
        value=path.name,
    )


def build_section(
    tree: object, schema: type[S], prefix: str, origins: Origins
) -> tuple[S | None, list[Fault]]:
    """Return the validated section, or None and its faults."""
    if not isinstance(tree, Mapping):
        return None, [
            Fault(
                expected=Text(f"une section [{prefix}]", f"a [{prefix}] section"),
                remedy=Text(f"ajouter la section [{prefix}]", f"add the section [{prefix}]"),
                file=str(origins.of(prefix)),
                key=prefix,
                value="" if tree is None else _short(tree),
            )
        ]
    resolved, faults = resolve_paths(tree, schema, prefix, origins)
    try:
        section = schema.model_validate(resolved)
    except ValidationError as error:
        return None, faults + faults_of(error, schema, prefix, origins)
    return (None if faults else section), faults
