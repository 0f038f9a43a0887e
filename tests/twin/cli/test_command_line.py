"""The command line: light, in the reader's language, one message and the right exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_territory import COMMUNES, SmallTerritory

HEAVY = ("numpy", "scipy", "numba", "matplotlib", "pandas", "networkx", "rasterio", "highspy")
HELP_LIMIT_S = 0.5

USAGE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "run.py", "--help"], stdout=subprocess.DEVNULL, check=True)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(spent.ru_utime + spent.ru_stime)
"""


def command(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    return subprocess.run(
        [sys.executable, "run.py", *words], cwd=root, capture_output=True, text=True, check=False
    )


def test_help_is_quick(root: Path) -> None:
    """Help takes less than half a second of processor time, best of three."""
    spent = [
        float(
            subprocess.run(
                [sys.executable, "-c", USAGE], cwd=root, capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(3)
    ]
    assert min(spent) <= HELP_LIMIT_S


def test_help_imports_nothing_heavy(root: Path) -> None:
    """Help, with every utility's commands, loads no numerical library."""
    script = (
        "import sys; sys.argv = ['run.py', '--help']\n"
        "from twin.cli.app import run\n"
        "assert run(['--help']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_in_french(root: Path, words: list[str]) -> None:
    """Without arguments, or with --help, the commands are listed in French."""
    done = command(root, *words)
    assert done.returncode == 0
    assert "Commandes\u00a0:" in done.stdout
    assert "Jouer une étude" in done.stdout
    for name in ("study", "validate", "schema", "path-loss", "link", "calibrate"):
        assert f"\n  {name}" in done.stdout
    for english in ("Show this message", "Commands", "default:", "required"):
        assert english not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--lang", "en", "--help"],
        ["--lang=en"],
        ["--lang", "en"],
        ["--help", "--lang", "en"],
    ],
)
def test_help_in_english(root: Path, words: list[str]) -> None:
    """With --lang en, wherever it stands, help is in English."""
    done = command(root, *words)
    assert done.returncode == 0
    assert "Commands:" in done.stdout
    assert "Play a study" in done.stdout
    assert "Jouer" not in done.stdout


@pytest.mark.parametrize("name", ["study", "validate", "schema", "path-loss", "link", "calibrate"])
def test_every_command_has_help_in_both(root: Path, name: str) -> None:
    """Each command's own help speaks the language asked for."""
    french, english = command(root, name, "--help"), command(root, name, "--help", "--lang", "en")
    assert french.returncode == english.returncode == 0
    assert "afficher cette aide" in french.stdout
    assert "Show this message" in english.stdout
    assert french.stdout.splitlines()[2] != english.stdout.splitlines()[2]


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (["stdy"], "trouvé « stdy » ; attendu : une commande parmi", "found 'stdy'; expected: a c"),
        (["validate"], "scenario ; attendu : cet argument", "scenario; expected: this argument"),
        (["validate", "a", "b"], "trouvé « b » ; attendu : moins", "found 'b'; expected: fewer"),
        (["validate", "--jsn", "a"], "« --jsn » ; attendu : --json", "'--jsn'; expected: --json"),
        (["study", "a", "--workers", "-1"], "« -1 » ; attendu : au moins 0", "at least 0"),
        (["study", "a", "--workers", "x"], "« x » ; attendu : un nombre entier", "whole number"),
        (["study", "a", "--workers"], "une valeur après cette option", "a value after"),
        (["study", "a", "--quick=3"], "cette option sans valeur", "without a value"),
        (
            ["path-loss", "--profile", "a", "--tx-height-m", "1,5"],
            "--tx-height-m ; trouvé « 1,5 » ; attendu : un nombre",
            "expected: a number",
        ),
    ],
)
def test_unreadable_command_line(
    words: list[str], french: str, english: str, run_py: Callable[..., Any]
) -> None:
    """A command line nobody can read gives one line like any other fault, in either language."""
    outcome = run_py(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert french in outcome.err
    assert len(outcome.complaints) == len(outcome.err.splitlines()) == 1
    said = run_py("--lang", "en", *words)
    assert said.code == 2
    assert english in said.err
    assert "attendu" not in said.err


def test_unknown_language(run_py: Callable[..., Any]) -> None:
    """A language nobody speaks here is refused with those that are."""
    outcome = run_py("--lang", "de")
    assert outcome.code == 2
    assert "--lang ; trouvé « de » ; attendu : l'un de fr, en" in outcome.err


@pytest.mark.parametrize(
    "words", [["validate", "{}", "--lang", "en"], ["--lang", "en", "validate", "{}"]]
)
def test_language_anywhere(
    words: list[str], small_territory: SmallTerritory, run_py: Callable[..., Any]
) -> None:
    """The language counts for results and notices, before the command or after it."""
    small_territory.write(
        "communes.csv",
        COMMUNES + "36905,Ancien-Bourg,30,200000002,Communauté du Sud,1,110,150,605500,6640600\n",
    )
    outcome = run_py(*(word.format(small_territory.scenario) for word in words))
    assert outcome.code == 0
    assert "valid (2 options" in outcome.out
    assert outcome.err.startswith("notice: old code 36905")


def test_validate_the_indre(root: Path, run_py: Callable[..., Any]) -> None:
    """The embedded scenario is valid, without a notice."""
    outcome = run_py("validate", root / "scenarios" / "indre" / "gateways.toml", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    summary = json.loads(outcome.out)
    assert summary["options"][:3] == ["operator", "one-gateway", "two-gateways"]
    assert (summary["assumptions"], summary["notices"]) == (29, [])


def test_results_folder_is_a_file(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """A folder of results that is a file is refused before anything is computed."""
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    outcome = run_py("study", small_territory.scenario, "--results", taken)
    assert outcome.code == 2
    assert "--results" in outcome.err
    assert taken.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("lang", "words"), [("fr", "gardées"), ("en", "are kept")])
def test_interrupted(
    lang: str,
    words: str,
    small_territory: SmallTerritory,
    run_py: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C exits with 130 and says that what was finished is kept."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("twin.study.conduct.conduct", interrupt)
    outcome = run_py("study", small_territory.scenario, "--lang", lang)
    assert outcome.code == 130
    assert words in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_bug_is_not_hidden(
    small_territory: SmallTerritory, run_py: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that is nobody's input keeps its traceback."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("twin.study.conduct.conduct", fail)
    with pytest.raises(ZeroDivisionError):
        run_py("study", small_territory.scenario)


def test_reader_gone(root: Path) -> None:
    """A reader that closes our output early gets no traceback."""
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" run.py schema | head -c 1 >/dev/null'],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
