"""What an option knows and who decides, by its settings."""

from __future__ import annotations

import pytest

from models.waste.answer.cells import (
    current_of,
    family_of,
    ideal_of,
    information,
    main_family,
    planned_of,
    twin_of,
)
from models.waste.settings import Settings
from tests.models.waste.answer.waste_answer_case import (
    made_judged,
    made_option,
    usual_options,
    year,
)


@pytest.mark.parametrize(
    ("knowledge", "share", "link", "told"),
    [
        ("none", 0.0, "own", "none"),
        ("driver", 0.0, "own", "driver"),
        ("driver", 0.3, "own", "sensors"),
        ("none", 0.3, "ideal", "sensors-ideal"),
        ("levels", 0.3, "own", "levels"),
        ("foresight", 0.0, "own", "foresight"),
        ("counts", 0.0, "own", "counts"),
    ],
)
def test_the_information_is_read_from_the_settings(
    knowledge: str, share: float, link: str, told: str
) -> None:
    """Sensors tell more than drivers, exact levels more than sensors; names do not matter."""
    option = made_option("any", knowledge=knowledge, share=share, link=link)
    settings = option.settings["waste"]
    assert isinstance(settings, Settings)
    assert information(settings) == told


def test_the_twin_differs_by_its_sensors_alone() -> None:
    """The option compared with sensors has the same policy and knowledge, and no sensor."""
    options = {each.id: each for each in usual_options()}
    twin = twin_of(options["sensors-25"], options)
    assert twin is not None
    assert twin.id == "driver"
    assert twin_of(options["driver"], options) is None


def test_scenario_0_is_today_s_calendar_wherever_it_stands() -> None:
    """Scenario 0 is found by its settings; without any, the first option stands for it."""
    options = list(reversed(usual_options()))
    assert current_of({each.id: each for each in options}).id == "current"
    without = {each.id: each for each in options if each.id != "current"}
    assert current_of(without).id == options[0].id


def test_a_family_runs_from_no_sensor_to_all() -> None:
    """The shares tried are listed in order, the option without sensors first."""
    options = {each.id: each for each in usual_options()}
    family = family_of(options["sensors-100"], options)
    assert [each.id for each in family] == ["driver", "sensors-25", "sensors-100"]
    assert main_family(options) == family


def test_without_sensors_there_is_no_family() -> None:
    """A study that tries no sensor has no share to draw."""
    options = {each.id: each for each in usual_options()[:3]}
    assert main_family(options) == []


def test_planning_without_news_is_the_cheapest_such_option() -> None:
    """Of several options that plan with the file alone, the cheapest stands for planning."""
    dear = made_judged(made_option("dear", kind="threshold"), year(95_000.0))
    options = {each.id: each for each in [*usual_options(), dear]}
    planned = planned_of(options)
    assert planned is not None
    assert planned.id == "planned"


def test_the_ideal_link_is_found_where_it_is_played() -> None:
    """The same sensors over a perfect link are compared; without them nothing is said."""
    own = made_judged(made_option("own", share=0.5), year(1.0))
    ideal = made_judged(made_option("ideal", share=0.5, link="ideal"), year(1.0))
    assert ideal_of(own, {"own": own, "ideal": ideal}) is ideal
    assert ideal_of(own, {"own": own}) is None
    assert ideal_of(ideal, {"own": own, "ideal": ideal}) is None
