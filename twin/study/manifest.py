"""What it takes to rebuild the numbers: versions, seed, hashes, command, machine, durations."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder."""


def package_versions() -> dict[str, str]:
    """Return name -> version of every installed package, sorted by name."""
    from importlib.metadata import distributions

    found = {each.metadata["Name"].lower(): each.version for each in distributions()}
    return dict(sorted(found.items()))


def machine_facts() -> dict[str, str]:
    """Return what of the machine can move a figure's last bit or its duration; no host name."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "cores": str(os.cpu_count() or 0),
        "implementation": platform.python_implementation(),
    }


@dataclass(frozen=True)
class Manifest:
    """The record of one run of a study. Every mapping is written with sorted keys.

    Attributes
    ----------
    scenario : str
        The scenario file, as the command named it.
    stopped_by : str
        Which rule ended the study: `fixed`, `reached`, `ceiling`, or `failures`.
    chosen : tuple of str
        Options that a selection left, one alone where it was decided; empty where none was asked.
    scenario_sha256 : str
        The scenario's content hash.
    inputs_sha256 : mapping path -> hash
        Every file read; paths relative to the folder the study was started from.
    code_sha256 : str
        Hash of the source tree.
    options : tuple of str
        In the scenario's order.
    durations_s : mapping step -> seconds
    ended : str
        When the report was written, ISO 8601, UTC; empty when not wanted.
    """

    study: str
    seed: int
    options: tuple[str, ...]
    replications: int
    scenario_sha256: str
    inputs_sha256: Mapping[str, str]
    code_sha256: str
    command: str
    scenario: str = ""
    quick: bool = False
    stopped_by: str = ""
    chosen: tuple[str, ...] = ()
    executor: str = ""
    ended: str = ""
    durations_s: Mapping[str, float] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    python: str = field(default_factory=platform.python_version)
    packages: Mapping[str, str] = field(default_factory=package_versions)
    machine: Mapping[str, str] = field(default_factory=machine_facts)

    def to_json(self) -> str:
        """Return the manifest as JSON with sorted keys, so equal runs give equal text."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def write(self, path: Path) -> None:
        """Write the manifest in one step: whole, or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        temporary.write_text(self.to_json(), encoding="utf-8")
        temporary.replace(path)


def command_line(arguments: Sequence[str] | None = None) -> str:
    """Return the command as one could type it again, without the program's own folder."""
    words = list(sys.argv if arguments is None else arguments)
    return shlex.join([Path(words[0]).name, *words[1:]]) if words else ""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def input_hashes(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Return path -> SHA-256 of each file, paths relative to `root` where they lie under it.

    A folder stands for every file below it.
    """
    found: dict[str, str] = {}
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in (each for each in files if each.is_file()):
            place = file.resolve()
            under = place.is_relative_to(root.resolve())
            name = place.relative_to(root.resolve()).as_posix() if under else file.name
            found[name] = file_sha256(file)
    return dict(sorted(found.items()))


def code_sha256() -> str:
    """Return one hash over the code that a number depends on: the kernel and every utility."""
    return tree_sha256([ROOT / "twin", ROOT / "models"])


def tree_sha256(folders: Iterable[Path]) -> str:
    """Return one hash over the Python sources below `folders`: names and bytes, in name order."""
    summary = hashlib.sha256()
    for folder in sorted(folders, key=lambda each: each.name):
        for path in sorted(folder.rglob("*.py"), key=lambda each: each.as_posix()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            summary.update(f"{name}\0{file_sha256(path)}\n".encode())
    return summary.hexdigest()
