"""What is wrong with a network file is told whole: every fault, its line, its remedy."""

from __future__ import annotations

import locale
from pathlib import Path

import pytest

from models.water.epanet.library import EpanetMissingError, library
from models.water.epanet.messages import MESSAGES
from models.water.epanet.project import Project
from models.water.network.read import read_network
from twin.errors import DataError, Fault
from twin.lang import Lang

SOUND = """[JUNCTIONS]
a 10 5
b 3
[RESERVOIRS]
r 50
[PIPES]
p1 r a 100 100 100
p2 a b 100 100 100
[CURVES]
c1 50 30
[PATTERNS]
day 1 2
[OPTIONS]
UNITS CMH
[END]
"""


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    """Return the faults of a file."""
    file = folder / "net.inp"
    file.write_text(text)
    with pytest.raises(DataError) as caught:
        read_network(file)
    return tuple(caught.value.faults)


def with_line(section: str, line: str) -> str:
    """Return the sound file with one more line at the head of a section."""
    if f"[{section}]\n" not in SOUND:
        return SOUND.replace("[END]\n", f"[{section}]\n{line}\n[END]\n")
    return SOUND.replace(f"[{section}]\n", f"[{section}]\n{line}\n")


@pytest.mark.parametrize(
    ("code", "section", "line", "word"),
    [
        (201, "PIPES", "p3 a", ""),
        (202, "JUNCTIONS", "c abc", "abc"),
        (203, "PIPES", "p3 a nowhere 100 100 100", "nowhere"),
        (204, "STATUS", "p9 CLOSED", "p9"),
        (205, "DEMANDS", "a 5 nopattern", "nopattern"),
        (206, "PUMPS", "u a b HEAD nocurve", "nocurve"),
        (213, "VALVES", "v a b 100 XYZ 5", "XYZ"),
        (215, "JUNCTIONS", "b 4", "b"),
        (219, "VALVES", "v r a 100 PRV 5", "r"),
        (222, "PIPES", "p3 a a 100 100 100", "p3"),
    ],
)
def test_a_line_at_fault(tmp_path: Path, code: int, section: str, line: str, word: str) -> None:
    """A line EPANET refuses is told with its number, its text, the word at fault and a remedy."""
    text = with_line(section, line)
    (fault,) = faults_of(tmp_path, text)
    number = text.split("\n").index(line) + 1
    if code == 215:  # the second of the two is the one refused
        number, line = text.split("\n").index("b 3") + 1, "b 3"
    assert fault.file == "net.inp"
    assert fault.key == f"l. {number} [{section}] {line}"
    assert fault.value == word
    assert (fault.expected, fault.remedy) == MESSAGES[code]


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        (220, with_line("VALVES", "v a b 100 PRV 5\nx a b 100 TCV 5\nw a b 100 PRV 5"), {"w"}),
        (224, SOUND.replace("[RESERVOIRS]\nr 50\n", "").replace("p1 r a", "p1 b a"), {""}),
        (225, with_line("TANKS", "t 0 9 1 5 10"), {"t"}),
        (226, with_line("PUMPS", "u a b"), {"u"}),
        (227, with_line("PUMPS", "u a b HEAD c2").replace("c1 50 30", "c2 1 5\nc2 2 6"), {"u"}),
        (230, SOUND.replace("c1 50 30", "c1 50 30\nc1 40 20"), {"c1"}),
        (234, with_line("JUNCTIONS", "lost 5\nlone 6"), {"lost", "lone"}),
    ],
)
def test_a_network_at_fault(tmp_path: Path, code: int, text: str, names: set[str]) -> None:
    """What only the whole network shows is told with the name of each object at fault."""
    faults = faults_of(tmp_path, text)
    expected = {(MESSAGES[code][0], name) for name in names}
    if code == 220:
        assert faults[0].key.endswith("w a b 100 PRV 5")
        assert faults[0].expected == MESSAGES[220][0]
    else:
        assert {(fault.expected, fault.value) for fault in faults} == expected


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Six faults of a file make six messages, in the order of its lines, in two languages."""
    text = (
        SOUND.replace("a 10 5", "a 10 5 nopattern")
        .replace("b 3\n", "b x\nb 4\n")
        .replace("p2 a b 100 100 100", "p2 a zz 100 100 100\np1 a b 1 1 1")
        .replace("UNITS CMH", "UNITS XYZ")
    )
    faults = faults_of(tmp_path, text)
    lines = [int(fault.key.split()[1]) for fault in faults]
    assert len(faults) == 6
    assert lines == sorted(lines)
    for fault in faults:
        assert "remède" in fault.say(Lang.FR)
        assert "remedy" in fault.say(Lang.EN)


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    """A heading EPANET does not know, whose contents it would ignore, is told with its line."""
    text = SOUND.replace("[JUNCTIONS]", "[JONCTIONS]")
    faults = faults_of(tmp_path, text)
    assert (faults[0].key, faults[0].value) == ("l. 1", "[JONCTIONS]")


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is told by its path."""
    with pytest.raises(DataError) as caught:
        read_network(tmp_path / "none.inp")
    assert caught.value.faults[0].file == str(tmp_path / "none.inp")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    """Bytes that are no network end in faults, not in a crash."""
    file = tmp_path / "net.inp"
    file.write_bytes(bytes(range(1, 256)) * 40)
    with pytest.raises(DataError):
        read_network(file)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project, sound or not, leaves no file and no change of the process's decimal sign."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.chdir(scratch)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = locale.setlocale(locale.LC_NUMERIC)
    file = tmp_path / "net.inp"
    for text in (SOUND, SOUND.replace("r a", "r zz")):
        file.write_text(text)
        project = Project(file)
        try:
            with project:
                project.open_solver()
        except DataError:
            pass
        project.close()  # once more: harmless
    assert list(scratch.iterdir()) == []
    assert locale.setlocale(locale.LC_NUMERIC) == before


def test_a_missing_library_is_told() -> None:
    """Without EPANET's library there is one message, with its remedy."""
    for module in ("no_such_module", "_decimal", "json"):
        with pytest.raises(EpanetMissingError, match=r"requirements\.txt") as caught:
            library(module)
        assert "remède" in caught.value.say(Lang.FR)


def test_lines_epanet_would_drop(tmp_path: Path) -> None:
    """Links whose line is too short, which EPANET 2.3.6 drops in silence, are all told."""
    text = with_line("PIPES", "p3 a\np4")
    faults = faults_of(tmp_path, text.replace("[END]", "[VALVES]\nv a b 100\n[END]"))
    assert [fault.key.split("] ")[1] for fault in faults] == ["p3 a", "p4", "v a b 100"]
    assert {fault.expected for fault in faults} == {MESSAGES[201][0]}
