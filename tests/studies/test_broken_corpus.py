"""A corpus of broken scenarios: no traceback, and every message says where, what and what to do.

Every key of every section is spoiled in each way its schema forbids, over the real scenarios of the
Indre; hypothesis then tears files apart at random. What is met, a missing key aside, is quoted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_territory import SmallTerritory, write_small_territory

from twin.errors import InputError
from twin.lang import Lang
from twin.scenario import load_scenario
from twin.scenario.document import document_schema
from twin.study.check import compose_checked

FEWEST = 200
PACKAGES = ("models.lora", "models.waste", "models.water", "models.lighting")
BASES = {"waste": "waste.toml", "water": "water.toml", "lighting": "lighting.toml"}
SECTIONS = ("study", "territory", "money", "assumptions", "lora", *BASES)

WRONG_TYPE = {
    "number": ['"beaucoup"', "[1.0]", "true", "nan", "inf"],
    "integer": ['"sept"', "1.5", "[1]", "nan"],
    "boolean": ['"oui"', "1"],
    "string": ["7", "false", '["a"]'],
    "array": ["3", '"a"'],
    "object": ["3", '"a"'],
}


@dataclass(frozen=True)
class Broken:
    """One scenario that must be refused: the base it spoils, the key, and what is written."""

    base: str
    key: tuple[str, ...]
    value: str

    @property
    def text(self) -> str:
        """Return the scenario file."""
        *section, name = self.key
        head = f"[{'.'.join(section)}]\n" if section else ""
        return f'extends = "{self.base}"\n{head}{name} = {self.value}\n'


def leaves(
    node: Mapping[str, Any], known: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield every key of a schema that is not a section, with its own schema."""
    if "$ref" in node:
        node = {**known[node["$ref"].rpartition("/")[2]], **node}
    if "anyOf" in node:
        choices = [each for each in node["anyOf"] if each.get("type") != "null"]
        if len(choices) == 1:
            rest = {key: value for key, value in node.items() if key != "anyOf"}
            yield from leaves({**rest, **choices[0]}, known, path)
            return
    if node.get("type") == "object" and "properties" in node:
        for name, inner in node["properties"].items():
            yield from leaves(inner, known, (*path, name))
    else:
        yield path, node


def outside(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield values past the bounds of a number, and words no list of choices has."""
    if "minimum" in schema:
        yield f"{schema['minimum'] - 1}"
    if "exclusiveMinimum" in schema:
        yield f"{schema['exclusiveMinimum']}"
    if "maximum" in schema and schema["maximum"] < 2**62:
        yield f"{schema['maximum'] + 1}"
    if "exclusiveMaximum" in schema:
        yield f"{schema['exclusiveMaximum']}"
    if "enum" in schema or "const" in schema:
        yield '"n\'importe quoi"'
    if schema.get("format") == "path":
        yield '"nulle-part.csv"'
    if schema.get("minLength"):
        yield '""'


def corpus() -> list[Broken]:
    """Return every scenario of the systematic corpus."""
    schema = document_schema(PACKAGES, ["models.lora.link"])
    found = []
    for section in SECTIONS:
        base = BASES.get(section, "gateways.toml")
        for key, leaf in leaves(schema["properties"][section], schema["$defs"], (section,)):
            spoiled = [*WRONG_TYPE.get(str(leaf.get("type")), ()), *outside(leaf)]
            found += [Broken(base, key, value) for value in spoiled]
            found.append(Broken(base, (*key[:-1], f"{key[-1]}x"), "1"))
    return list(dict.fromkeys(found))


CORPUS = corpus()


def assert_told(error: InputError) -> None:
    """Every fault names file, key, expectation and remedy, in both languages, on one line."""
    assert error.faults
    for fault in error.faults:
        assert fault.file, fault
        assert fault.expected.fr.strip(), fault
        assert fault.expected.en.strip(), fault
        assert fault.remedy.fr.strip(), fault
        assert fault.remedy.en.strip(), fault
        for lang in Lang:
            said = fault.say(lang)
            assert "\n" not in said
            assert "Traceback" not in said


@pytest.fixture(scope="module")
def indre(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the real scenarios."""
    folder = tmp_path_factory.mktemp("broken") / "indre"
    shutil.copytree(root / "scenarios" / "indre", folder)
    return folder


def test_the_corpus_is_large_and_varied() -> None:
    """More than 200 scenarios, in every section, of every kind of fault."""
    assert len(CORPUS) >= FEWEST
    assert {each.key[0] for each in CORPUS} >= set(SECTIONS)
    print(f"{len(CORPUS)} broken scenarios")  # noqa: T201 - shown with -s


@pytest.mark.parametrize("section", SECTIONS)
def test_a_spoiled_key_is_named_with_what_was_met(indre: Path, section: str) -> None:
    """Each wrong type, bound passed, misspelling or missing file names its key and its value."""
    path = indre / "spoiled.toml"
    for broken in (each for each in CORPUS if each.key[0] == section):
        path.write_text(broken.text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert_told(caught.value)
        ours = [
            fault
            for fault in caught.value.faults
            if broken.key[-1] in fault.key or ".".join(broken.key) in fault.key
        ]
        assert ours, (broken, str(caught.value))
        # A section half filled has other keys missing: only those have no value to quote.
        assert any(f.file.endswith("spoiled.toml") and f.value for f in ours), (broken, ours)


LINES = (
    "=",
    "[",
    "]",
    '"',
    "\x00",
    "é",
    "[[option]]",
    "seed = 7",
    "'",
    "#",
    ",",
    ";",
    "1e999",
    "-",
)


@pytest.fixture(scope="module")
def whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallTerritory:
    """Return the small territory, sound."""
    folder = tmp_path_factory.mktemp("torn") / "whole"
    return write_small_territory(folder, root / "scenarios/indre/assumptions.csv")


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_file_torn_at_random_is_sound_or_told(
    whole: SmallTerritory, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Lines dropped, doubled, swapped, bytes changed: sound, or refused with whole messages."""
    folder = tmp_path_factory.mktemp("torn") / "t"
    shutil.copytree(whole.folder, folder)
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    for _ in range(data.draw(st.integers(1, 3))):
        path = folder / data.draw(st.sampled_from(names))
        path.write_bytes(torn(path.read_bytes(), data))
    try:
        compose_checked(load_scenario(folder / whole.scenario.name))
    except InputError as error:
        assert_told(error)


def torn(held: bytes, data: st.DataObject) -> bytes:
    """Return a file's bytes spoiled in one way."""
    how = data.draw(st.sampled_from(["drop", "double", "swap", "byte", "insert", "cut"]))
    lines = held.splitlines(keepends=True) or [b""]
    at = data.draw(st.integers(0, len(lines) - 1))
    if how == "drop":
        del lines[at]
    elif how == "double":
        lines.insert(at, lines[at])
    elif how == "swap":
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "insert":
        word = data.draw(st.sampled_from(LINES)).encode()
        place = data.draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:place] + word + lines[at][place:]
    elif how == "cut":
        return held[: data.draw(st.integers(0, len(held)))]
    elif held:
        place = data.draw(st.integers(0, len(held) - 1))
        return held[:place] + bytes([data.draw(st.integers(0, 255))]) + held[place + 1 :]
    return b"".join(lines)
