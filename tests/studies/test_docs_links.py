"""The documentation points at things that exist: pages, headings, source files, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "scenarios").rglob("*.md"),
    ]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SOURCE = re.compile(r"`((?:twin|models|tests|scenarios|docs)/[\w./-]+)`")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"run\.py ([a-z][a-z0-9-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def named(path: Path) -> str:
    """Return a page's name for the test report."""
    return path.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """Return the text without its code blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command line in a page's `sh` blocks, comments left out."""
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            words = line.split("#")[0].split()
            if words:
                yield words


@pytest.fixture(scope="module")
def known_commands() -> set[str]:
    """Return the commands of run.py."""
    from typer.main import get_command

    from twin.cli.app import build_app

    return set(getattr(get_command(build_app()), "commands", {}))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file, and its anchor to a heading there."""
    broken = []
    for link in LINK.findall(prose(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_named_files_exist(page: Path) -> None:
    """Every source, test or table a page names in code quotes exists."""
    names = SOURCE.findall(page.read_text(encoding="utf-8"))
    assert not [name for name in names if "<" not in name and not (ROOT / name).exists()]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_exist(page: Path, known_commands: set[str]) -> None:
    """Every command a page prints is a command of run.py, a Makefile target or a file there."""
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    text = page.read_text(encoding="utf-8")
    assert set(COMMAND.findall(text)) <= known_commands
    for words in commands(page):
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets, words
        if words[0].endswith("python") and words[1] == "run.py":
            files = [w for w in words[3:] if re.search(r"\.(csv|toml|json)$", w)]
            assert all((ROOT / file).exists() for file in files), words


def test_readme_is_short() -> None:
    """The README stays under 150 lines."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_every_page_is_listed() -> None:
    """Every page under docs/ is reachable from the index."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = {(ROOT / "docs" / link.partition("#")[0]).resolve() for link in LINK.findall(index)}
    pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")}
    assert pages - {(ROOT / "docs" / "index.md").resolve()} <= listed
