"""Commands whose help speaks the reader's language, headings included."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from twin.cli.language import lang_in
from twin.lang import Lang

_FRENCH = (
    ("Usage: ", "Usage\u00a0: "),
    ("Arguments:\n", "Arguments\u00a0:\n"),
    ("Options:\n", "Options\u00a0:\n"),
    ("Commands:\n", "Commandes\u00a0:\n"),
    ("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]..."),
    ("Show this message and exit.", "afficher cette aide"),
    ("[default: ", "[par défaut\u00a0: "),
    ("[required]", "[obligatoire]"),
    ("; required]", "\u00a0; obligatoire]"),
)


def spoken(text: str, lang: Lang) -> str:
    """Return a help page with the headings Typer writes put into `lang`."""
    if lang is Lang.FR:
        for english, french in _FRENCH:
            text = text.replace(english, french)
    return text


class SpokenCommand(TyperCommand):
    """A command whose help page speaks the reader's language."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help page."""
        return spoken(super().get_help(ctx), lang_in(sys.argv))


class SpokenGroup(TyperGroup):
    """The root command, whose help page speaks the reader's language."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help page."""
        return spoken(super().get_help(ctx), lang_in(sys.argv))


class SpokenApp(typer.Typer):
    """An application all of whose commands are spoken ones, also those that utilities register."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=SpokenGroup, rich_markup_mode=None, **settings)

    def command(self, *args: Any, **settings: Any) -> Callable[[Any], Any]:
        """Register a command, as Typer does."""
        return super().command(*args, **{"cls": SpokenCommand, **settings})
