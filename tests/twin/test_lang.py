"""Sentences in two languages."""

from __future__ import annotations

import pickle

from twin.lang import Lang, Text, same


def test_french_is_the_default() -> None:
    """A text says its French sentence unless asked otherwise."""
    text = Text("passerelle", "gateway")
    assert (text.say(), text.say(Lang.FR), text.say(Lang.EN)) == (
        "passerelle",
        "passerelle",
        "gateway",
    )


def test_places_are_filled_in_both() -> None:
    """Filling a place fills it in both sentences, each in its own order."""
    text = Text("{n} sites à {m}", "at {m}, {n} sites").format(n=3, m="Déols")
    assert text == Text("3 sites à Déols", "at Déols, 3 sites")


def test_same() -> None:
    """A name reads the same in both languages."""
    assert same("SX1303") == Text("SX1303", "SX1303")


def test_travels_between_processes() -> None:
    """A text survives the passage from a worker process."""
    text = Text("a", "b")
    assert pickle.loads(pickle.dumps(text)) == text  # noqa: S301 - our own bytes
