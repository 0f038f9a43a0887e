"""Named random streams: the same name gives the same dice, another name others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from twin.streams import Streams

PINNED = """
from twin.streams import Streams
s = Streams(36, 2)
print(s.generator("lora", "shadowing", "M001").random(3).tolist(), s.key64("lora", "x"))
"""


def test_same_name_same_dice() -> None:
    """A generator asked for twice starts at the same place, whatever was drawn meanwhile."""
    streams = Streams(36, 2)
    first = streams.generator("lora", "shadowing", "M001").random(100)
    streams.generator("lora", "refusal").random(1000)
    again = streams.generator("lora", "shadowing", "M001").random(100)
    np.testing.assert_array_equal(first, again)


def test_each_part_of_the_name_counts() -> None:
    """Seed, replication, model, purpose and asset each change the dice."""
    drawn = {
        Streams(36, 2).uniform("lora", "shadowing", "M001"),
        Streams(37, 2).uniform("lora", "shadowing", "M001"),
        Streams(36, 3).uniform("lora", "shadowing", "M001"),
        Streams(36, 2).uniform("water", "shadowing", "M001"),
        Streams(36, 2).uniform("lora", "refusal", "M001"),
        Streams(36, 2).uniform("lora", "shadowing", "M002"),
        Streams(36, 2).uniform("lora", "shadowing"),
    }
    assert len(drawn) == 7


def test_names_do_not_run_together() -> None:
    """Two ways of cutting the same letters are two names."""
    streams = Streams(1, 1)
    assert streams.uniform("ab", "c") != streams.uniform("a", "bc")
    assert streams.uniform("a", "b", "c") != streams.uniform("a", "bc")
    assert Streams(1, 11).uniform("a", "b") != Streams(11, 1).uniform("a", "b")


def test_same_bits_in_another_process(root: Path) -> None:
    """Another process, with another hash seed, draws the same bits."""
    said = {
        subprocess.run(
            [sys.executable, "-c", PINNED],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    here = Streams(36, 2)
    drawn = here.generator("lora", "shadowing", "M001").random(3).tolist()
    assert said == {f"{drawn} {here.key64('lora', 'x')}\n"}


def test_first_draw() -> None:
    """The single draw is the first of the generator of that name."""
    streams = Streams(5, 0)
    assert streams.uniform("m", "p", "a") == streams.generator("m", "p", "a").random()
