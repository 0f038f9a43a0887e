"""The dependency rule that the linter cannot say: what a policy may import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ALLOWED = {"twin.ports", "twin.signals"}


def kernel_imports(source: str) -> set[str]:
    """Return the modules of the house a source imports, relative imports as `.`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            whole = module in {"twin", "models"}
            found |= {f"{module}.{alias.name}" for alias in node.names} if whole else {module}
    return {name for name in found if name.split(".")[0] in {"twin", "models", ""}}


def test_policies_see_ports_and_signals_only(root: Path) -> None:
    """A policy imports ports, signals and its fellow policies, and nothing else of the house."""
    for file in sorted((root / "models").glob("*/policies/*.py")):
        fellows = f"models.{file.parent.parent.name}.policies."
        found = kernel_imports(file.read_text(encoding="utf-8"))
        assert {name for name in found if not name.startswith(fellows)} <= ALLOWED, file.name


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from twin.ports import Inbox\nimport numpy", {"twin.ports"}),
        ("from twin import world", {"twin.world"}),
        ("import models.lora.stage", {"models.lora.stage"}),
        ("def f():\n    from twin.world import World", {"twin.world"}),
        ("from ..stage import Stage", {"..stage"}),
    ],
)
def test_imports_are_found(source: str, found: set[str]) -> None:
    """The rule sees every form of import, those inside functions too."""
    assert kernel_imports(source) == found


def test_contracts_hold(root: Path) -> None:
    """The kernel imports no utility and no utility another, as import-linter sees it."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout
