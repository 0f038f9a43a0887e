"""Numbers, intervals and names as a report's sentences hold them."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from twin.decide.intervals import Interval, mean_interval
from twin.lang import Text, same
from twin.report import phrases

N = "\u00a0"


def test_values_are_told_in_both_languages() -> None:
    """A number, a share and an amount read as each language writes them."""
    assert phrases.numbers(1234.5, 1, signed=True) == Text("+1\u202f234,5", "+1,234.5")
    assert phrases.percents(0.25, signed=True) == Text(f"+25{N}%", "+25%")
    assert phrases.euros(12_345.0) == Text(f"12{N}k€", "€12k")


def test_no_line_break_parts_a_minus_from_its_euro() -> None:
    """An English amount under nought has a word joiner after its minus, alone or as an end."""
    assert phrases.euros(-12_345.0) == Text(f"−12{N}k€", "−\u2060€12k")
    told = Interval(0.0, -5_000.0, 5_000.0, 0.95, 3)
    assert phrases.between_eur(told) == Text(f"−5,0{N}à 5,0{N}k€", "−\u2060€5.0k to €5.0k")


def test_one_world_bounds_nothing() -> None:
    """An interval without ends is told as such, whatever its style, and its ends are None."""
    told = mean_interval([3.0])
    assert not phrases.bounded(told)
    assert phrases.between(told, 1, "percent").en == "one world, no interval"
    assert phrases.finite(told.low) is None
    assert phrases.finite(2.0) == 2.0


@given(st.floats(-1e9, 1e9), st.floats(0.0, 1e9), st.floats(0.0, 1e9))
def test_the_opposite_of_the_opposite_is_the_interval(
    mean: float, below: float, above: float
) -> None:
    """Turned round twice an interval is what it was; once, its ends swap and keep their order."""
    told = Interval(mean, mean - below, mean + above, 0.95, 4)
    turned = phrases.opposite(told)
    assert turned.low <= turned.mean <= turned.high
    assert phrases.opposite(turned) == told


def test_lists_names_and_counts() -> None:
    """A list ends on its conjunction, a name stands between quotes, a count agrees."""
    assert phrases.listed([]) == ("", "")
    assert phrases.listed([same("a")]) == ("a", "a")
    assert phrases.listed([same("a"), same("b"), same("c")]) == ("a, b et c", "a, b and c")
    assert phrases.named(Text("un", "one")) == ("« un »", "'one'")
    assert phrases.worlds(1) == ("1 monde", "1 world")
    assert phrases.worlds(10) == ("10 mondes", "10 worlds")


def test_truths_and_doubts() -> None:
    """Yes and no are words; a settled difference needs none, the other says so."""
    assert (phrases.yes(told=True).fr, phrases.yes(told=False).en) == ("oui", "no")
    assert phrases.doubt(settled=True) == ("", "")
    assert phrases.doubt(settled=False).en == ", not told apart"


def test_how_the_option_was_chosen() -> None:
    """Ties name the options and the cheapest; another choice names the one made before."""
    told = phrases.ties([same("b"), same("c")], same("a"))
    assert told.fr == "Non départagées de la moins chère, « a » : « b » et « c »."
    assert told.en == "Not told apart from the cheapest, 'a': 'b' and 'c'."
    assert phrases.otherwise(same("a")).en.startswith("Before the study the most expected world")


def test_infinite_ends_are_no_numbers() -> None:
    """NaN and infinity have no place in a table."""
    assert phrases.finite(math.nan) is None
    assert phrases.finite(-math.inf) is None
