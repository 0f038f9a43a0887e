"""Which option is taken."""

from __future__ import annotations

from datetime import date

from models.water.answer.cells import (
    current_of,
    meters_family,
    over,
    readings_family,
    unstruck,
)
from models.water.answer.decision import Verdict, decide
from models.water.answer.judged import Judged
from tests.models.water.answer.water_answer_case import (
    made_judged,
    made_option,
    usual_options,
    year,
)


def _named(options: list[Judged]) -> dict[str, Judged]:
    return {each.id: each for each in options}


def test_the_cheapest_that_answers_is_taken() -> None:
    """Twenty meters cost least of those that answer; a perfect radio, cheaper, does not answer."""
    options = _named(usual_options())
    decision = decide(options, options["today"])
    assert decision.chosen.id == "twenty"
    assert decision.verdict is Verdict.SAVES
    assert decision.saving is not None
    assert abs(decision.saving.difference.mean + 20_000.0) < 100.0


def test_at_costs_not_told_apart_fewer_meters_win() -> None:
    """An option that clearly saves and is not told apart from the cheapest wins by its meters."""
    near = made_judged(
        made_option("five", meters=5),
        {**year(1.0, meters=5), "total_eur": [480e3, 470e3, 490e3, 485e3, 475e3, 481e3]},
    )
    options = _named([*usual_options(), near])
    decision = decide(options, options["today"])
    assert decision.cheapest is not None
    assert decision.cheapest.id == "twenty"
    assert [each.id for each in decision.tied] == ["five"]
    assert decision.chosen.id == "five"


def test_a_dearer_option_is_never_taken() -> None:
    """Where all cost more than scenario 0, scenario 0 is kept and the cheapest other is told."""
    options = _named([usual_options()[0], made_judged(made_option("ten", meters=10), year(6e5))])
    decision = decide(options, options["today"])
    assert decision.verdict is Verdict.NOTHING
    assert decision.chosen.id == "today"
    assert decision.told.id == "ten"


def test_options_are_read_by_their_settings() -> None:
    """Scenario 0, the families of meters and readings, and radios are found whatever the names."""
    options = _named(list(reversed(usual_options())))
    today = current_of(options)
    assert today.id == "today"
    assert [each.meters for each in meters_family(options, today)] == [0, 10, 20, 40]
    assert list(readings_family(options, today)) == ["manual", "drive-by", "daily", "hourly"]
    ideal, dead = (
        over(options["twenty"], "districts", link, options) for link in ("ideal", "none")
    )
    assert ideal is options["twenty-ideal"]
    assert dead is options["twenty-none"]
    assert over(options["daily"], "customers", "ideal", options) is options["daily-ideal"]
    assert over(today, "districts", "ideal", options) is None


def test_a_struck_option_finds_its_calm_twin() -> None:
    """An option with a power cut is compared with the same one without."""
    cut = {"cuts": ({"day": date(2027, 7, 14)},)}
    struck = made_judged(made_option("dark", meters=20, hazards=cut), year(481_000.0, meters=20))
    options = _named([*usual_options(), struck])
    assert unstruck(struck, options) is options["twenty"]
    assert unstruck(options["twenty"], options) is None
    assert "dark" not in [each.id for each in meters_family(options, options["today"])]
