"""A scenario names its links: packages with settings of their own, overridden by options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from small_territory import SmallTerritory

from models.links.settings import Settings as ControlLinks
from models.lora.link.settings import Settings as LoraLinks
from twin.errors import Fault, ScenarioError
from twin.scenario import load_scenario
from twin.scenario.links import BUILT_IN, NamedLink

CONTRACT = """
[links.contract]
package = "models.links"
kind = "constant"
loss_share = 0.1
"""
OWN = """
[links.own]
package = "models.lora.link"
engine = "surrogate"
gateways = "planned.csv"
sites.masts = "masts.csv"
sites.municipal = "municipal_sites.csv"
"""


@pytest.fixture
def territory(small_territory: SmallTerritory) -> SmallTerritory:
    """Return a small territory whose base names two links."""
    small_territory.write("planned.csv", "id\nM001\nC36904\n")
    base = (small_territory.folder / "base.toml").read_text(encoding="utf-8")
    small_territory.write("base.toml", base + CONTRACT + OWN)
    return small_territory


def links_of(territory: SmallTerritory, option: int = 0) -> dict[str, NamedLink]:
    """Return the links of an option."""
    return dict(load_scenario(territory.scenario).options[option].links)


def faults_of(territory: SmallTerritory) -> list[Fault]:
    """Return what the loader finds wrong."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(territory.scenario)
    return list(caught.value.faults)


def only(territory: SmallTerritory) -> Fault:
    """Return the one thing the loader finds wrong."""
    (fault,) = faults_of(territory)
    return fault


def test_none_and_ideal_need_no_section(small_territory: SmallTerritory) -> None:
    """A scenario without a word on links has the two of the control group, and no other."""
    links = links_of(small_territory)
    assert set(links) == {"none", "ideal"}
    assert all(link.package == "models.links" for link in links.values())
    assert links["none"].settings == ControlLinks(kind="none")
    assert links["ideal"].settings == ControlLinks(kind="ideal")


def test_a_section_makes_a_link(territory: SmallTerritory) -> None:
    """Each section gives its package and that package's settings, frozen, beside the two."""
    links = links_of(territory)
    assert list(links) == ["none", "ideal", "contract", "own"]
    assert links["contract"].settings == ControlLinks(kind="constant", loss_share=0.1)
    own = links["own"].settings
    assert isinstance(own, LoraLinks)
    assert (own.engine, own.gateways) == ("surrogate", territory.folder / "planned.csv")
    assert own.sites.masts == territory.folder / "masts.csv"


def test_a_built_in_link_takes_keys(territory: SmallTerritory) -> None:
    """The control links' window may be set; what they are may not be changed."""
    base = (territory.folder / "base.toml").read_text(encoding="utf-8")
    territory.write("base.toml", base + "[links.ideal]\nwindow_s = 3600.0\n")
    assert links_of(territory)["ideal"].settings == ControlLinks(kind="ideal", window_s=3600.0)
    territory.write("base.toml", base + '[links.none]\nkind = "ideal"\n')
    fault = only(territory)
    assert (fault.key, fault.value) == ("links.none.kind", "ideal")
    assert BUILT_IN["none"]["kind"] in fault.expected.en


def test_an_option_overrides_keys(territory: SmallTerritory) -> None:
    """An option's key replaces the base's in that option alone; the others stay."""
    text = territory.scenario.read_text(encoding="utf-8")
    territory.write("gateways.toml", text + "links.contract.loss_share = 0.4\n")
    first, second = links_of(territory, 0), links_of(territory, 1)
    assert first["contract"].settings == ControlLinks(kind="constant", loss_share=0.1)
    assert second["contract"].settings == ControlLinks(kind="constant", loss_share=0.4)
    assert first["own"] == second["own"]


def test_an_option_may_declare_a_link(territory: SmallTerritory) -> None:
    """A link said in one option alone is that option's."""
    text = territory.scenario.read_text(encoding="utf-8")
    territory.write("gateways.toml", text + 'links.mine = {package = "models.links"}\n')
    assert "mine" not in links_of(territory, 0)
    assert links_of(territory, 1)["mine"].settings == ControlLinks()


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('"models.links"', '"models.pigeon"', "links.contract.package", "a package that exists"),
        ('"models.links"', '"models.lora"', "links.contract.package", "make.py"),
        ('"models.links"', "3", "links.contract.package", "a package that exists"),
        ('package = "models.links"\n', "", "links.contract.package", "a package that exists"),
        ("loss_share = 0.1", "loss_shar = 0.1", "links.contract.loss_shar", "loss_share"),
        ("loss_share = 0.1", "loss_share = 1.5", "links.contract.loss_share", "at most 1"),
        ("loss_share = 0.1", 'loss_share = "1"', "links.contract.loss_share", "a number"),
        ('"planned.csv"', '"absent.csv"', "links.own.gateways", "an existing file"),
        ('gateways = "planned.csv"\n', "", "links.own.gateways", "required key"),
        ("[links.contract]", '[links."a.b"]', "links", "small letters"),
    ],
)
def test_faults_name_the_key(
    territory: SmallTerritory, old: str, new: str, key: str, said: str
) -> None:
    """What is wrong with a link is said once, with its file and its key, whatever the options."""
    territory.replace("base.toml", old, new)
    fault = only(territory)
    assert (fault.key, fault.file) == (key, str(territory.folder / "base.toml"))
    assert said in fault.expected.en or said in fault.remedy.en


def test_the_options_fault_names_the_option(territory: SmallTerritory) -> None:
    """A key that an option got wrong is named with the option and its file."""
    text = territory.scenario.read_text(encoding="utf-8")
    territory.write("gateways.toml", text + "links.contract.losses = 0.4\n")
    fault = only(territory)
    assert fault.key == "option[masts-only].links.contract.losses"
    assert fault.file == str(territory.scenario)


@pytest.mark.parametrize("line", ["links = 3", "links = []", "links.own = 3"])
def test_links_are_sections(small_territory: SmallTerritory, line: str) -> None:
    """Links that are no sections are refused, whether the base or an option says so."""
    base = (small_territory.folder / "base.toml").read_text(encoding="utf-8")
    text = small_territory.scenario.read_text(encoding="utf-8")
    small_territory.write("base.toml", f"{line}\n{base}")
    assert "links" in only(small_territory).key
    small_territory.write("base.toml", base)
    small_territory.write("gateways.toml", f"{text}{line}\n")
    assert only(small_territory).key.startswith("option[masts-only].links")


def test_a_misspelled_section_is_told(territory: SmallTerritory) -> None:
    """[link.own] is not taken for a link and not passed over."""
    territory.replace("base.toml", "[links.contract]", "[link.contract]")
    assert only(territory).remedy.en == "did you mean 'links'?"


def test_the_digest_reads_the_files_of_links(territory: SmallTerritory) -> None:
    """One gateway more, or one key, is another digest; the files are among the inputs."""
    before = load_scenario(territory.scenario)
    assert territory.folder / "planned.csv" in before.inputs
    territory.write("planned.csv", "id\nM001\nC36904\nM002\n")
    other_file = load_scenario(territory.scenario)
    territory.write("planned.csv", "id\nM001\nC36904\n")
    assert load_scenario(territory.scenario).digest == before.digest
    territory.replace("base.toml", "loss_share = 0.1", "loss_share = 0.2")
    assert len({before.digest, other_file.digest, load_scenario(territory.scenario).digest}) == 3


def test_an_unknown_link_is_told_the_known(territory: SmallTerritory) -> None:
    """A utility that names no link of the option is told them, the nearest first."""
    text = territory.scenario.read_text(encoding="utf-8")
    territory.write("gateways.toml", text + 'lora.network = "own"\n')
    option = load_scenario(territory.scenario).options[1]
    assert option.link("own") is option.links["own"]
    with pytest.raises(ScenarioError) as caught:
        option.link("onw", "lora.network")
    (fault,) = caught.value.faults
    assert fault.key == "option[masts-only].lora.network"
    assert fault.file == str(territory.scenario)
    assert fault.expected.en == "a known name among: contract, ideal, none, own"
    assert fault.remedy.en == "did you mean 'own'?"


def test_validate_knows_links(territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """`run.py validate` accepts the section, and refuses a key of it by file and name."""
    assert run_py("validate", territory.scenario, "--lang", "en").code == 0
    territory.replace("base.toml", "loss_share = 0.1", "loss_shar = 0.1")
    outcome = run_py("validate", territory.scenario, "--lang", "en")
    assert outcome.code == 2
    (complaint,) = outcome.complaints
    assert "base.toml" in complaint
    assert "links.contract.loss_shar" in complaint
