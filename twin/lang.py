"""Every sentence a person reads, in the two languages of the house.

French is the default because reports go before French councils; English is one flag away.
A :class:`Text` carries both, so no sentence is ever chosen before the reader's language is known.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Lang(StrEnum):
    """A reader's language."""

    FR = "fr"
    EN = "en"


class Text(NamedTuple):
    """The same sentence in French and in English.

    >>> Text("passerelle", "gateway").say(Lang.EN)
    'gateway'
    """

    fr: str
    en: str

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the sentence in `lang`."""
        return self.fr if lang is Lang.FR else self.en

    def format(self, **values: object) -> Text:
        """Return both sentences with their `{name}` places filled."""
        return Text(self.fr.format(**values), self.en.format(**values))


def same(word: str) -> Text:
    """Return a text that reads the same in both languages (a name, a unit, a number)."""
    return Text(word, word)
