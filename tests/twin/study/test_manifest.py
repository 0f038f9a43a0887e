"""The manifest: stable text, honest hashes, no private path."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from twin.study.manifest import (
    Manifest,
    command_line,
    input_hashes,
    package_versions,
    tree_sha256,
)


def manifest(**changes: object) -> Manifest:
    """Return a manifest."""
    figures: dict[str, object] = {
        "study": "gateways",
        "seed": 36,
        "options": ("one", "two"),
        "replications": 30,
        "scenario_sha256": "abc",
        "inputs_sha256": {"b": "2", "a": "1"},
        "code_sha256": "def",
        "command": "run.py study gateways.toml",
        "durations_s": {"study": 1.5},
    }
    return Manifest(**(figures | changes))  # type: ignore[arg-type]


def test_equal_runs_write_equal_text(tmp_path: Path) -> None:
    """Keys are sorted at every level, so the text depends on the facts alone."""
    one = manifest()
    other = manifest(inputs_sha256={"a": "1", "b": "2"})
    assert one.to_json() == other.to_json()
    one.write(tmp_path / "run" / "manifest.json")
    read = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert list(read) == sorted(read)
    assert read["options"] == ["one", "two"]
    assert read["packages"]["numpy"] == np.__version__
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["manifest.json"]


def test_every_package_is_listed_once_in_order() -> None:
    """The versions cover what is installed, by lower-case name."""
    versions = package_versions()
    assert list(versions) == sorted(versions)
    assert "duckdb" in versions


def test_hashes_are_those_of_the_bytes(tmp_path: Path) -> None:
    """A file's entry is the SHA-256 of its bytes, its path relative to the study's folder."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_bytes(b"x")
    (tmp_path / "s.toml").write_bytes(b"")
    found = input_hashes([tmp_path / "tables", tmp_path / "s.toml"], tmp_path)
    assert found == {
        "s.toml": hashlib.sha256(b"").hexdigest(),
        "tables/a.csv": hashlib.sha256(b"x").hexdigest(),
    }
    outside = input_hashes([tmp_path / "s.toml"], tmp_path / "tables")
    assert list(outside) == ["s.toml"]


def test_the_code_hash_sees_names_and_bytes(tmp_path: Path) -> None:
    """Changing a byte or renaming a file changes the hash; its place on disk does not."""
    for place in ("one", "two"):
        (tmp_path / place / "twin").mkdir(parents=True)
        (tmp_path / place / "twin" / "a.py").write_text("A = 1\n", encoding="utf-8")
    first = tree_sha256([tmp_path / "one" / "twin"])
    assert first == tree_sha256([tmp_path / "two" / "twin"])
    (tmp_path / "two" / "twin" / "a.py").write_text("A = 2\n", encoding="utf-8")
    assert first != tree_sha256([tmp_path / "two" / "twin"])
    (tmp_path / "one" / "twin" / "a.py").rename(tmp_path / "one" / "twin" / "b.py")
    assert first != tree_sha256([tmp_path / "one" / "twin"])


def test_the_command_can_be_typed_again() -> None:
    """The program's folder is dropped and awkward words are quoted."""
    words = ["/somewhere/run.py", "study", "my file.toml"]
    assert command_line(words) == "run.py study 'my file.toml'"
    assert command_line([]) == ""
