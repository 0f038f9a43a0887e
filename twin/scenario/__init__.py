"""Scenario files: TOML and CSV in, one frozen Scenario out, or every fault at once."""

from twin.scenario.options import Option
from twin.scenario.scenario import Scenario, load_scenario

__all__ = ["Option", "Scenario", "load_scenario"]
