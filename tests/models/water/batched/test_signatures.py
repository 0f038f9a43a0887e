"""Signatures of leaks, and the command that prints them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from models.water.batched.signatures import leak_signatures
from models.water.batched.solver import BatchedSolver
from models.water.batched.state import state_at
from models.water.leak_signatures_command import leak_signatures as command
from tests.models.water.small_networks import CASES
from tests.models.water.tree_network import tree_network
from twin.errors import InputError


def test_a_signature_is_the_difference_of_two_solves() -> None:
    """Changes of head and flow are what a solve with the leak gives less one without."""
    network = tree_network()
    found = leak_signatures(network, [12, 57], leak_m3h=[2.2, 5.0])
    solver = BatchedSolver(network)
    state = state_at(network)
    base = solver.solve(state)
    half = np.zeros(len(network.nodes))
    half[57] = 5.0 / 3600.0 / base.pressures_m(network)[57, 0] ** 0.5
    leak = solver.solve(replace(state, half=half), base)
    assert np.abs(found.dh_m[:, 1] - (leak.heads_m - base.heads_m)[:, 0]).max() < 1e-6
    assert np.abs(found.dq_m3s[:, 1] - (leak.flows_m3s - base.flows_m3s)[:, 0]).max() < 1e-9
    assert found.leak_m3s[1] == pytest.approx(leak.leak_m3s[57, 0], rel=1e-6)
    assert (found.leak_m3s * 3600.0 < [2.2, 5.0]).all()


def test_a_leak_shows_most_where_it_is() -> None:
    """In a tree no head falls more than the leaking node's, and the tower gives all of it."""
    network = tree_network(60, 0)
    found = leak_signatures(network)
    assert len(found.node) == 60
    lanes = np.arange(60)
    assert (found.dh_m.min(axis=0) >= found.dh_m[found.node, lanes] - 1e-9).all()
    assert np.abs(found.dq_m3s[0] - found.leak_m3s).max() < 1e-9


def test_a_coefficient_may_be_given() -> None:
    """Leaks by coefficient come on top of those the state has."""
    network = tree_network()
    state = state_at(network)
    there = np.zeros(len(network.nodes))
    there[3] = 1e-4
    found = leak_signatures(network, [3, 8], half=1e-4, state=replace(state, half=there))
    base = BatchedSolver(network).solve(replace(state, half=there))
    assert np.abs(found.heads_m - base.heads_m[:, 0]).max() == 0.0
    assert found.leak_m3s[1] == pytest.approx(
        1e-4 * base.pressures_m(network)[8, 0] ** 0.5, rel=0.1
    )


def test_a_tower_cannot_leak() -> None:
    """A leak in a tank is refused by name."""
    with pytest.raises(InputError, match="tower"):
        leak_signatures(tree_network(), [100])


@pytest.fixture
def app() -> typer.Typer:
    """Return an application of the command alone."""
    app = typer.Typer()
    app.command()(command)
    return app


def test_the_command_prints_what_a_program_needs(
    app: typer.Typer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With --json each leak carries a change by node and by link."""
    file = tmp_path_factory.mktemp("inp") / "n.inp"
    file.write_text(CASES["plain"])
    asked = [str(file), "--nodes", "E,F", "--flow", "1.5", "--json"]
    content = json.loads(CliRunner().invoke(app, asked, catch_exceptions=False).stdout)
    assert [leak["node"] for leak in content["leaks"]] == ["E", "F"]
    for leak in content["leaks"]:
        assert len(leak["dh_m"]) == len(content["nodes"])
        assert len(leak["dq_m3h"]) == len(content["links"])
        assert 1.0 < leak["leak_m3h"] < 1.5


@pytest.mark.parametrize(("lang", "word"), [("fr", "fuites"), ("en", "leaks")])
def test_the_command_speaks_both_languages(
    app: typer.Typer, tmp_path_factory: pytest.TempPathFactory, lang: str, word: str
) -> None:
    """Without --json a line a leak, in the reader's language."""
    file = tmp_path_factory.mktemp("inp") / "n.inp"
    file.write_text(CASES["plain"])
    result = CliRunner().invoke(app, [str(file), "--lang", lang], catch_exceptions=False)
    lines = result.stdout.splitlines()
    assert word in lines[0]
    assert len(lines) == 1 + 7


def test_the_command_names_a_node_that_is_not_there(
    app: typer.Typer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An unknown node, a flow of nothing and an hour before the first are refused by name."""
    file = tmp_path_factory.mktemp("inp") / "n.inp"
    file.write_text(CASES["plain"])
    result = CliRunner().invoke(app, [str(file), "--nodes", "E,Z9"])
    assert isinstance(result.exception, InputError)
    assert "Z9" in str(result.exception)
    result = CliRunner().invoke(app, [str(file), "--flow", "0", "--hour", "-1"])
    assert isinstance(result.exception, InputError)
    assert {fault.key for fault in result.exception.faults} == {"--flow", "--hour"}
