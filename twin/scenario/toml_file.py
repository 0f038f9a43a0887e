"""One TOML file: its content, or the line that is not TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from twin.cells import shorten
from twin.errors import Fault, ScenarioError
from twin.lang import Text

_SYNTAX: tuple[tuple[str, Text], ...] = (
    (
        "Cannot overwrite a value",
        Text("une clé donnée une seule fois", "a key given only once"),
    ),
    ("Cannot declare", Text("une section déclarée une seule fois", "a section declared only once")),
    ("Cannot mutate", Text("une section déclarée une seule fois", "a section declared only once")),
    ("Cannot redefine", Text("une clé donnée une seule fois", "a key given only once")),
    ("Expected '=' after a key", Text("« = » après la clé", "'=' after the key")),
    ("Expected ']'", Text("« ] » à la fin du nom de section", "']' at the end of a section name")),
    ("Unclosed array", Text("« ] » à la fin de la liste", "']' at the end of the list")),
    ("Unclosed inline table", Text("« } » à la fin de la table", "'}' at the end of the table")),
    ("Unterminated string", Text("un guillemet fermant", "a closing quote")),
    (
        "Expected newline",
        Text(
            "une seule valeur par ligne (date existante, texte entre guillemets)",
            "one value per line (a date that exists, text in quotes)",
        ),
    ),
    ("Invalid value", Text("une valeur (texte entre guillemets)", "a value (text in quotes)")),
    (
        "Illegal character",
        Text("un caractère permis (guillemets fermés ?)", "a legal character (quotes closed?)"),
    ),
)
_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


def read_toml(path: Path, named_by: Path | None = None) -> dict[str, Any]:
    """Return the content of one TOML file; `named_by` is the file that extends it.

    Raises
    ------
    ScenarioError
        Where the file is missing, is not UTF-8 or is not TOML (the message names the line).
    """
    text = _decode(_read(path, named_by), path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise _syntax_error(path, text, "") from None


def _read(path: Path, named_by: Path | None) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        raise ScenarioError(
            Fault(
                expected=Text("un fichier de scénario lisible", "a readable scenario file"),
                remedy=Text(
                    "vérifier le chemin ; un exemple : scenarios/indre/gateways.toml",
                    "check the path; an example: scenarios/indre/gateways.toml",
                ),
                file=str(named_by or path),
                key="extends" if named_by else "",
                value=shorten(path.name) if named_by else "",
            )
        ) from None


def _decode(content: bytes, path: Path) -> str:
    try:
        # TOML counts either line end as one.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        # The byte decoded as cp1252 shows the reader the accented letter to look for.
        letter = content[error.start : error.start + 1].decode("cp1252", "replace")
        raise ScenarioError(
            Fault(
                expected=Text("un texte encodé en UTF-8", "text encoded in UTF-8"),
                remedy=Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"),
                file=str(path),
                key=f"l. {line}",
                value=shorten(letter),
            )
        ) from None


def _syntax_error(path: Path, text: str, message: str) -> ScenarioError:
    lines = text.split("\n")
    place = _PLACE.search(message)
    line = int(place.group(1)) if place and place.group(1) else len(text.rstrip().split("\n"))
    hint = next((said for start, said in _SYNTAX if message.startswith(start)), None)
    detail = Text(f" : {hint.fr}", f": {hint.en}") if hint else Text("", "")
    return ScenarioError(
        Fault(
            expected=Text(f"du TOML valide{detail.fr}", f"valid TOML{detail.en}"),
            remedy=Text(
                f"corriger la syntaxe à la ligne {line} ou juste avant (https://toml.io)",
                f"mend the syntax at line {line} or just before (https://toml.io)",
            ),
            file=str(path),
            key=f"l. {line}",
            value=shorten(lines[min(line, len(lines)) - 1].strip()),
        )
    )
