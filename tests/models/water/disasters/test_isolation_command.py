"""`run.py isolate`: what it prints and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner
from water_networks import wntr_network

from models.water.isolation_command import isolate
from twin.errors import InputError


def run(*arguments: str) -> str:
    """Return what the command prints; its own errors come through."""
    app = Typer()
    app.command("isolate")(isolate)
    found = CliRunner().invoke(app, list(arguments))
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


def test_json_of_a_broken_pipe() -> None:
    """On Net3 the break of a pipe closes valves at its segment's ends and counts people."""
    content = json.loads(run(str(wntr_network("Net3")), "--pipe", "229", "--json"))
    assert content["pipes"] == ["229"]
    assert "229" in content["links"]
    assert content["close"]
    assert 0.0 <= content["people"] < content["people_in_all"]
    assert content["people_hours"] == pytest.approx(content["people"] * content["dry_h"])
    everywhere = json.loads(
        run(str(wntr_network("Net3")), "--pipe", "229", "--rule", "all", "--json")
    )
    assert everywhere["people"] <= content["people"]
    assert everywhere["segments_in_all"] > content["segments_in_all"]


def test_a_summary_in_french_and_english() -> None:
    """Without --json four lines say valves, nodes, people and hours."""
    french = run(str(wntr_network("Net1")), "--node", "22")
    english = run(str(wntr_network("Net1")), "--node", "22", "--lang", "en")
    assert "fermer" in french
    assert "habitants sans eau" in french
    assert "close" in english
    assert len(english.splitlines()) == 4


def test_what_is_refused(tmp_path: Path) -> None:
    """Nothing to shut off, an unknown rule and a pipe that does not exist are named."""
    net1 = str(wntr_network("Net1"))
    with pytest.raises(InputError, match=r"--pipe, --node.*\n.*--rule.*'some'"):
        run(net1, "--rule", "some")
    with pytest.raises(InputError, match=r"--pipe.*'119'"):
        run(net1, "--pipe", "119")
