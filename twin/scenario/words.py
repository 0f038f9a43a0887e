"""What a validation expected, in the two languages, and what it met, on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.cells import shorten
from twin.lang import Text

_SECTION = Text("une section [..]", "a [..] section")
_LIST = Text("une liste [..]", "a list [..]")
_DATE = Text("une date AAAA-MM-JJ, sans guillemets", "a date YYYY-MM-DD, without quotes")

_EXPECTED: Mapping[str, Text] = {
    "missing": Text("une valeur (clé obligatoire)", "a value (required key)"),
    "greater_than_equal": Text("au moins {ge}", "at least {ge}"),
    "greater_than": Text("plus de {gt}", "more than {gt}"),
    "less_than_equal": Text("au plus {le}", "at most {le}"),
    "less_than": Text("moins de {lt}", "less than {lt}"),
    "int_type": Text("un nombre entier, sans guillemets", "a whole number, without quotes"),
    "int_parsing": Text("un nombre entier", "a whole number"),
    "float_parsing": Text("un nombre", "a number"),
    "float_type": Text("un nombre, sans guillemets", "a number, without quotes"),
    "finite_number": Text("un nombre fini", "a finite number"),
    "bool_type": Text("true ou false, sans guillemets", "true or false, without quotes"),
    "string_type": Text("un texte entre guillemets", "text in quotes"),
    "string_too_short": Text(
        "un texte d'au moins {min_length} caractère(s)", "text of at least {min_length} letter(s)"
    ),
    "string_pattern_mismatch": Text("un texte de la forme {pattern}", "text matching {pattern}"),
    "literal_error": Text("l'une des valeurs {fr}", "one of {en}"),
    "model_type": _SECTION,
    "dict_type": _SECTION,
    "tuple_type": _LIST,
    "too_short": Text(
        "une liste d'au moins {min_length} élément(s)", "a list of at least {min_length} item(s)"
    ),
    "is_instance_of": Text("un nom de fichier entre guillemets", "a file name in quotes"),
    "date_type": _DATE,
}


def expected_text(item: Mapping[str, Any]) -> Text:
    """Return what one error of a validation expected.

    A validator of a section raises ValueError("fr | en"): both halves are kept.
    """
    kind = item["type"]
    if kind == "value_error":
        french, _, english = item["msg"].removeprefix("Value error, ").partition(" | ")
        return Text(french, english or french)
    template = _EXPECTED.get(kind)
    if template is None:
        return Text(f"une valeur admise ({item['msg']})", item["msg"])
    context = dict(item.get("ctx", {}))
    if kind == "literal_error":
        english = str(context["expected"])
        context |= {"en": english, "fr": english.replace(" or ", " ou ")}
    return template.format(**context)


def shown(value: object) -> str:
    """Return a value as a scenario file would write it, on one line and cut to a readable length.

    >>> shown(["mast", True])
    '[mast, true]'
    """
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return shorten("{" + ", ".join(map(str, value)) + "}")
    if isinstance(value, list | tuple):
        return shorten("[" + ", ".join(map(shown, value)) + "]")
    if isinstance(value, bool):
        return str(value).lower()
    # Dates print as TOML writes them; an empty text would show nothing at all.
    return shorten(str(value)) or '""'
