"""The reader's language, known before the command line is parsed so that help speaks it too."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer

from twin.lang import Lang, Text


def lang_in(arguments: Sequence[str]) -> Lang:
    """Return the language asked for by `--lang en` or `--lang=en`; French otherwise."""
    words = list(arguments)
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    return Lang.EN if Lang.EN.value in asked else Lang.FR


def say(french: str, english: str) -> str:
    """Return one of two sentences, in the language of this command line."""
    return Text(french, english).say(lang_in(sys.argv))


LangOption = Annotated[
    Lang, typer.Option("--lang", help=say("langue des messages", "language of messages"))
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help=say("ce qu'un programme attend", "what a program needs")),
]
