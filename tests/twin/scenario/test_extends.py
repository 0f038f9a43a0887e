"""Scenario files laid over one another: order, paths, loops, and who wrote what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_territory import SmallTerritory

from twin.errors import ScenarioError
from twin.scenario import load_scenario
from twin.scenario.merge import overlay, read_extended
from twin.scenario.origins import Origins

VALUES = st.integers() | st.lists(st.integers(), max_size=2)
TREES = st.recursive(
    st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), VALUES | inner, max_size=3),
    max_leaves=6,
)


@given(TREES)
def test_overlay_neutral(tree: dict[str, object]) -> None:
    """Laying nothing over a tree, or a tree over nothing or itself, gives that tree."""
    assert overlay(tree, {}) == overlay({}, tree) == overlay(tree, tree) == tree


@given(TREES, TREES)
def test_overlay_top_wins(base: dict[str, object], top: dict[str, object]) -> None:
    """Laying the same tree over twice changes nothing more."""
    once = overlay(base, top)
    assert overlay(once, top) == once
    assert set(once) == set(base) | set(top)


def test_overlay_lists_are_replaced() -> None:
    """Tables merge key by key, a list is replaced whole."""
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert overlay(base, {"a": {"y": [3]}}) == {"a": {"x": 1, "y": [3]}, "b": 1}


def test_three_levels(tmp_path: Path) -> None:
    """The file named wins over the one it extends, and that one over the next."""
    (tmp_path / "a.toml").write_text("k = 1\nl = 1\nm = 1\n", encoding="utf-8")
    (tmp_path / "b.toml").write_text('extends = "a.toml"\nl = 2\nm = 2\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text('extends = "b.toml"\nm = 3\n', encoding="utf-8")
    tree, origins, files = read_extended(tmp_path / "c.toml")
    assert tree == {"k": 1, "l": 2, "m": 3}
    assert [file.name for file in files] == ["c.toml", "b.toml", "a.toml"]
    assert [origins.of(key).name for key in "klm"] == ["a.toml", "b.toml", "c.toml"]


@pytest.mark.parametrize(
    "links", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}]
)
def test_loops(tmp_path: Path, links: dict[str, str]) -> None:
    """A chain that comes back on itself is refused, whatever its length."""
    for name, parent in links.items():
        (tmp_path / f"{name}.toml").write_text(f'extends = "{parent}.toml"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="a chain without a loop") as caught:
        read_extended(tmp_path / "a.toml")
    assert caught.value.faults[0].key == "extends"


@pytest.mark.parametrize("value", ["3", "[]", '""', "true"])
def test_extends_is_a_name(tmp_path: Path, value: str) -> None:
    """Only a file name can be extended."""
    (tmp_path / "a.toml").write_text(f"extends = {value}\nk = 1\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="a file name in quotes"):
        read_extended(tmp_path / "a.toml")


def test_paths_from_the_file_that_names_them(small_territory: SmallTerritory) -> None:
    """Each path starts from the folder of the file that wrote it, wherever one stands."""
    elsewhere = small_territory.folder / "variants" / "mine"
    elsewhere.mkdir(parents=True)
    own = elsewhere / "own.csv"
    text = (small_territory.folder / "masts.csv").read_text(encoding="utf-8")
    own.write_text(text.replace("M00", "P00"), encoding="utf-8")
    child = elsewhere / "child.toml"
    child.write_text(
        'extends = "../../gateways.toml"\n[lora.sites]\nown = "own.csv"\nkinds = ["mast", "own"]\n',
        encoding="utf-8",
    )
    scenario = load_scenario(child)
    sites = scenario.options[0].settings["lora"].sites  # type: ignore[attr-defined]
    assert sites.own.samefile(own)
    assert sites.masts.samefile(small_territory.folder / "masts.csv")
    assert scenario.territory.communes.samefile(small_territory.folder / "communes.csv")
    assert scenario.name == "child"


def test_path_written_by_an_option(small_territory: SmallTerritory) -> None:
    """A path inside an option of the child starts from the child, beside base paths."""
    child = small_territory.folder / "deep" / "child.toml"
    child.parent.mkdir()
    masts = (small_territory.folder / "masts.csv").read_text(encoding="utf-8")
    (child.parent / "fewer.csv").write_text(masts, encoding="utf-8")
    child.write_text(
        'extends = "../gateways.toml"\n[[option]]\nid = "fewer"\nname = "a"\nname_en = "a"\n'
        'lora.sites.masts = "fewer.csv"\n',
        encoding="utf-8",
    )
    scenario = load_scenario(child)
    assert [option.id for option in scenario.options] == ["fewer"]
    sites = scenario.options[0].settings["lora"].sites  # type: ignore[attr-defined]
    assert sites.masts.samefile(child.parent / "fewer.csv")
    assert sites.municipal.samefile(small_territory.folder / "municipal_sites.csv")


def test_origins_of_unwritten_keys() -> None:
    """A key nobody wrote belongs to the nearest key above it, else to the file named."""
    origins = Origins(Path("top.toml"))
    origins.note({"a": {"b": 1}, "l": [{"x": 1}]}, Path("base.toml"))
    assert origins.of("a.c") == Path("base.toml")
    assert origins.of("l[0].y") == Path("base.toml")
    assert origins.of("z.c") == Path("top.toml")
    assert origins.of("") == Path("top.toml")
