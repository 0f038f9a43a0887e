"""Errors say whose fault it is, where, and the remedy."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from twin.errors import (
    DataError,
    Fault,
    Faults,
    InputError,
    ReplicationError,
    RunError,
    ScenarioError,
    TwinError,
    UnreachableError,
)
from twin.lang import Lang, Text

FAULT = Fault(
    expected=Text("un nombre", "a number"),
    remedy=Text("corriger", "mend it"),
    file="masts.csv",
    key="l. 3, col. x_m",
    value="abc",
)
OTHER = Fault(Text("un point", "a point"), Text("l'ajouter", "add it"))


def test_fault_says_all_it_knows() -> None:
    """File, key, value, expectation and remedy stand on one line, in either language."""
    assert FAULT.say() == (
        "masts.csv : l. 3, col. x_m ; trouvé « abc » ; attendu : un nombre ; remède : corriger"
    )
    assert FAULT.say(Lang.EN) == (
        "masts.csv : l. 3, col. x_m; found 'abc'; expected: a number; remedy: mend it"
    )


def test_fault_leaves_out_what_it_does_not_know() -> None:
    """A fault without place or value says only what was expected and what to do."""
    assert OTHER.say(Lang.EN) == "expected: a point; remedy: add it"


def test_fault_takes_one_line() -> None:
    """Line breaks in what was met do not break the message."""
    said = replace(FAULT, key="a\nb", value="c\r\n\u2028d").say()
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("kind", [InputError, ScenarioError, DataError, UnreachableError])
def test_bad_input_exits_with_two(kind: type[InputError]) -> None:
    """Every error about input exits with 2 and prints each fault on its line."""
    error = kind(FAULT, OTHER)
    assert error.exit_code == 2
    assert error.say(Lang.FR).splitlines() == [FAULT.say(), OTHER.say()]
    assert str(error) == error.say(Lang.EN)


@pytest.mark.parametrize("kind", [RunError, ReplicationError])
def test_failed_run_exits_with_one(kind: type[TwinError]) -> None:
    """A run that fails on sound input exits with 1 and is not an input error."""
    assert kind.exit_code == 1
    assert not issubclass(kind, InputError)


def test_errors_cross_processes() -> None:
    """An error raised in a worker arrives whole, in both languages."""
    error = pickle.loads(pickle.dumps(DataError(FAULT, OTHER)))  # noqa: S301 - our own bytes
    assert error.faults == (FAULT, OTHER)
    sent = pickle.dumps(ReplicationError(Text("échec", "failure")))
    failed = pickle.loads(sent)  # noqa: S301 - our own bytes
    assert (failed.say(Lang.FR), failed.say(Lang.EN), str(failed)) == (
        "échec",
        "failure",
        "failure",
    )


def test_faults_are_gathered_once() -> None:
    """Faults of several readings are raised together, each once, in the order met."""
    faults = Faults()
    for fault in (FAULT, OTHER, FAULT):
        with faults.gathered():
            raise DataError(fault)
    with pytest.raises(ScenarioError) as caught:
        faults.raise_all()
    assert caught.value.faults == (FAULT, OTHER)


def test_nothing_gathered_nothing_raised() -> None:
    """Readings without a fault raise nothing, and other errors are not swallowed."""
    faults = Faults()
    with faults.gathered():
        pass
    faults.raise_all()
    with pytest.raises(ZeroDivisionError), faults.gathered():
        raise ZeroDivisionError
