"""A study whose target is out of reach still answers: it says what is reachable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_territory import SmallTerritory

MASTS_ONLY = 'id = "masts-only"'


@pytest.fixture
def answered(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> Callable[[], tuple[dict[str, Any], str]]:
    """Return what plays the spoilt territory and gives back its summary and page."""

    def call() -> tuple[dict[str, Any], str]:
        words = ["study", small_territory.scenario, "--workers", 0, "--results", tmp_path / "r"]
        outcome = run_py(*words)
        assert outcome.code == 0, outcome.err
        (page,) = (tmp_path / "r").glob("gateways/*/report.html")
        summary = json.loads((page.parent / "summary.json").read_text(encoding="utf-8"))
        return summary, page.read_text(encoding="utf-8")

    return call


def test_the_headline_says_what_is_reachable(
    small_territory: SmallTerritory, answered: Callable[[], tuple[dict[str, Any], str]]
) -> None:
    """All meters by two gateways cannot be had: the headline gives the share that can."""
    small_territory.replace("base.toml", "share = 0.9", "share = 1.0")
    summary, page = answered()
    best = summary["options"][summary["recommended"]]["plan"]
    assert not best["reaches_target"]
    assert "hors d'atteinte" in summary["headline"]["fr"]
    reachable = f"{100 * best['reachable_share']:.1f}".replace(".", ",")
    assert reachable in summary["headline"]["fr"]
    assert "out of reach" in summary["headline"]["en"]
    assert best["expected_share_target"] <= best["reachable_share"] < 1.0
    assert re.search("hors d.{1,6}atteinte", page)
    plans = [option["plan"]["expected_share_target"] for option in summary["options"].values()]
    assert best["expected_share_target"] == max(plans)


def test_an_option_that_cannot_exist_is_refused(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """Four gateways from three masts: exit code 2, the option named, no traceback, no report."""
    small_territory.replace(
        "gateways.toml", MASTS_ONLY, f"{MASTS_ONLY}\nlora.target.redundancy = 4"
    )
    outcome = run_py("study", small_territory.scenario, "--workers", 0, "--results", tmp_path / "r")
    assert outcome.code == 2
    assert "option[masts-only].lora.target" in outcome.err
    assert "au plus 0.00 %" in outcome.err.replace("\u00a0", " ")
    assert "Traceback" not in outcome.err
    assert not list((tmp_path / "r").glob("gateways/*/report.html"))
