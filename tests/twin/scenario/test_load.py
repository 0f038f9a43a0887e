"""A scenario is read whole, or refused once with every fault in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_territory import SmallTerritory

from twin.decide.priors import Status
from twin.errors import Fault, ScenarioError
from twin.lang import Lang
from twin.scenario import load_scenario


def faults_of(territory: SmallTerritory) -> list[Fault]:
    """Return what the loader finds wrong."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(territory.scenario)
    return list(caught.value.faults)


def only(territory: SmallTerritory) -> Fault:
    """Return the one thing the loader finds wrong."""
    (fault,) = faults_of(territory)
    return fault


def test_sound(small_territory: SmallTerritory) -> None:
    """A sound scenario gives its options over the base, its priors and the files it names."""
    scenario = load_scenario(small_territory.scenario)
    assert [option.id for option in scenario.options] == ["two-gateways", "masts-only"]
    first, second = (option.settings["lora"] for option in scenario.options)
    assert first.sites.kinds == ("mast", "municipal")  # type: ignore[attr-defined]
    assert second.sites.kinds == ("mast",)  # type: ignore[attr-defined]
    assert first.target == second.target  # type: ignore[attr-defined]
    assert scenario.models == {"lora": "models.lora"}
    assert len(scenario.assumptions) == 29
    assert {path.name for path in scenario.inputs} == {
        "assumptions.csv", "communes.csv", "masts.csv", "merged_communes.csv",
        "municipal_sites.csv",
    }  # fmt: skip


def test_override(small_territory: SmallTerritory) -> None:
    """A planner's own figure replaces the row, its status and its source; the rest stays."""
    small_territory.write(
        "base.toml",
        (small_territory.folder / "base.toml").read_text(encoding="utf-8")
        + "[assumptions.override.pit_loss_db]\nlow = 1\nmode = 2.5\nhigh = 3\n"
        'status = "derived"\nsource = "mesures"\n',
    )
    prior = load_scenario(small_territory.scenario).assumptions["pit_loss_db"]
    assert (prior.low, prior.mode, prior.high) == (1.0, 2.5, 3.0)
    assert (prior.status, prior.source, prior.unit) == (Status.DERIVED, "mesures", "dB")


@pytest.mark.parametrize(
    ("name", "old", "new", "file", "key", "expected"),
    [
        ("base.toml", "height_m = 1.0", "heigth_m = 1", "base", "lora.meters.heigth_m", "height_m"),
        ("base.toml", "height_m = 1.0", "height = 1", "base", "lora.meters.height", "unit"),
        (
            "base.toml", "max_range_km = 10.0", "frequency_ghz = 0.868",
            "base", "lora.radio.frequency_ghz", "'frequency_mhz', in the unit",
        ),
        ("base.toml", "max_range_km = 10.0", 'max_range_km = "10"', "base",
         "lora.radio.max_range_km", "a number, without quotes"),
        ("base.toml", "redundancy = 2", "redundancy = 2.0", "base", "lora.target.redundancy",
         "a whole number"),
        ("base.toml", "redundancy = 2", "redundancy = true", "base", "lora.target.redundancy",
         "a whole number"),
        ("base.toml", "redundancy = 2", "redundancy = 0", "base", "lora.target.redundancy",
         "at least 1"),
        ("base.toml", "share = 0.9", "share = nan", "base", "lora.target.share", "a finite number"),
        ("base.toml", "share = 0.9", "share = inf", "base", "lora.target.share", "a finite number"),
        ("base.toml", '"masts.csv"', "3", "base", "lora.sites.masts", "a file name in quotes"),
        ("base.toml", '"masts.csv"', '"."', "base", "lora.sites.masts", "an existing file"),
        ("base.toml", '"masts.csv"', '""', "base", "lora.sites.masts", "an existing file"),
        ("base.toml", '"communes.csv"', '["communes.csv"]', "base", "territory.communes",
         "a file name in quotes"),
        ("base.toml", "[assumptions]", 'terrain = "sol.asc"\n[assumptions]', "base",
         "territory.terrain", "a list"),
        ("base.toml", "[assumptions]", 'terrain = ["sol.asc"]\n[assumptions]', "base",
         "territory.terrain", "an existing file or folder"),
        ("base.toml", '"models.lora"', '"models.lorawan"', "base", "models.lora", "own name"),
        ("base.toml", "[models]\nlora", "[models]\nwater", "base", "models.water",
         "own name: lora"),
        ("base.toml", '"models.lora"', '"models.absent"', "base", "models.lora", "own name"),
        ("base.toml", '"models.lora"', "3", "base", "models.lora", "a package that exists"),
        ("base.toml", '"models.lora"', '"../lora"', "base", "models.lora", "a package"),
        ("gateways.toml", "start = 2027-01-04", 'start = "2027-01-04"', "gateways", "study.start",
         "a date YYYY-MM-DD, without quotes"),
        ("gateways.toml", "start = 2027-01-04", "start = 2027-01-04T08:00:00", "gateways",
         "study.start", "a date"),
        ("gateways.toml", 'question = "Combien de passerelles ?"', 'question = ""', "gateways",
         "study.question", "at least 1 letter"),
        ("gateways.toml", "replications = 3\nq", "q", "gateways", "study.replications",
         "required key"),
        ("gateways.toml", 'kinds = ["mast"]', "kinds = []", "gateways",
         "option[masts-only].lora.sites.kinds", "a list of at least 1 item"),
        ("gateways.toml", 'kinds = ["mast"]', 'kinds = ["own"]', "gateways",
         "option[masts-only].lora.sites", "a table sites.own"),
        ("gateways.toml", "lora.sites.kinds", "lora.sites.kind", "gateways",
         "option[masts-only].lora.sites.kind", "a known name"),
        ("gateways.toml", "lora.sites.kinds", "lara.sites.kinds", "gateways",
         "option[masts-only].lara", "a known name"),
        ("gateways.toml", 'lora.sites.kinds = ["mast"]', "lora = 3", "gateways",
         "option[masts-only].lora", "a [lora] section"),
        ("gateways.toml", 'id = "masts-only"', 'id = "Masts only"', "gateways",
         "option[Masts only].id", "text matching"),
        ("gateways.toml", 'id = "masts-only"\n', "", "gateways", "option[2].id", "required key"),
    ],
)  # fmt: skip
def test_one_fault(
    name: str, old: str, new: str, file: str, key: str, expected: str,
    small_territory: SmallTerritory,
) -> None:  # fmt: skip
    """One thing wrong gives one fault, in the file and at the key that wrote it."""
    small_territory.replace(name, old, new)
    fault = only(small_territory)
    assert fault.file == str(small_territory.folder / f"{file}.toml")
    assert fault.key == key
    assert expected in fault.expected.en


@pytest.mark.parametrize("section", ["study", "territory", "assumptions", "option", "models"])
def test_missing_section(section: str, small_territory: SmallTerritory) -> None:
    """A section that is nowhere is asked for by its name, once."""
    for name in ("base.toml", "gateways.toml"):
        text = (small_territory.folder / name).read_text(encoding="utf-8")
        blocks = f"\n{text}".split("\n[")
        kept = [block for block in blocks if not block.strip("[").startswith((f"{section}]",))]
        small_territory.write(name, "\n[".join(kept))
    assert only(small_territory).key == section


@pytest.mark.parametrize("value", ["3", '"a"', "[]", "[1]", '["a", {}]', "{id = 'a'}", "true"])
def test_option_of_wrong_shape(value: str, small_territory: SmallTerritory) -> None:
    """Options that are not a list of tables are refused, never skipped."""
    text = (small_territory.folder / "gateways.toml").read_text(encoding="utf-8")
    head = text.split("[[option]]")[0].replace("extends", f"option = {value}\nextends")
    small_territory.write("gateways.toml", head)
    assert any(fault.key.startswith("option") for fault in faults_of(small_territory))


def test_base_fault_is_told_once(small_territory: SmallTerritory) -> None:
    """What the base got wrong is wrong under every option, and told once."""
    small_territory.replace("base.toml", "redundancy = 2", "redundancy = 9")
    assert only(small_territory).key == "lora.target.redundancy"


def test_option_hides_no_base_fault(small_territory: SmallTerritory) -> None:
    """A base section of the wrong shape is refused even where an option overrides it."""
    text = (small_territory.folder / "base.toml").read_text(encoding="utf-8")
    small_territory.write("base.toml", "lora = 3\n" + text.split("[lora.meters]")[0])
    fault = only(small_territory)
    assert (fault.key, fault.value) == ("lora", "3")


def test_everything_at_once(small_territory: SmallTerritory) -> None:
    """Faults of both files, of the sections, the options and the assumptions come together."""
    changes: list[tuple[str, str, str]] = [
        ("base.toml", "share = 0.9", "share = 2"),
        ("base.toml", '"communes.csv"', '"absent.csv"'),
        ("gateways.toml", "seed = 7", "seed = -1"),
        ("gateways.toml", 'kinds = ["mast"]', 'kinds = ["tower"]'),
        ("assumptions.csv", "pit_loss_db,", "Pit loss,"),
    ]
    for name, old, new in changes:
        small_territory.replace(name, old, new)
    assert [fault.key for fault in faults_of(small_territory)] == [
        "study.seed",
        "territory.communes",
        "lora.target.share",
        "option[masts-only].lora.sites.kinds[0]",
        "l. 17, col. id",
    ]


def test_two_languages(small_territory: SmallTerritory) -> None:
    """The same fault reads in French and in English, the value and the place unchanged."""
    small_territory.replace("base.toml", "redundancy = 2", "redundancy = 9")
    fault = only(small_territory)
    assert fault.say(Lang.FR).endswith("attendu : au plus 4 ; remède : corriger cette valeur")
    assert fault.say(Lang.EN).endswith("expected: at most 4; remedy: mend this value")


Change = Callable[[SmallTerritory], object]
CHANGES: dict[str, Change] = {
    name: (lambda territory, name=name: territory.write(  # type: ignore[misc]
        name, (territory.folder / name).read_bytes() + b"\n# touched\n"
    ))
    for name in (
        "communes.csv", "merged_communes.csv", "masts.csv", "municipal_sites.csv",
        "assumptions.csv",
    )
} | {
    "a setting of the base": lambda t: t.replace("base.toml", "share = 0.9", "share = 0.91"),
    "a setting of an option": lambda t: t.replace("gateways.toml", '["mast"]', '["municipal"]'),
    "the seed": lambda t: t.replace("gateways.toml", "seed = 7", "seed = 8"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_digest_changes(change: str, small_territory: SmallTerritory) -> None:
    """The digest changes with every table and every setting of the scenario."""
    before = load_scenario(small_territory.scenario).digest
    CHANGES[change](small_territory)
    assert load_scenario(small_territory.scenario).digest != before


def test_digest_of_a_folder(small_territory: SmallTerritory) -> None:
    """A folder of terrain counts with the files in it, at any depth."""
    tiles = small_territory.folder / "tiles" / "deep"
    tiles.mkdir(parents=True)
    (tiles / "a.asc").write_bytes(b"1")
    small_territory.replace("base.toml", "[assumptions]", 'terrain = ["tiles"]\n[assumptions]')
    before = load_scenario(small_territory.scenario).digest
    (tiles / "a.asc").write_bytes(b"2")
    assert load_scenario(small_territory.scenario).digest != before


def test_digest_stays(small_territory: SmallTerritory) -> None:
    """Comments of the TOML files and the place of the folder do not change the digest."""
    before = load_scenario(small_territory.scenario).digest
    small_territory.replace("base.toml", "[models]", "# a word\n[models]")
    moved = small_territory.folder.with_name("moved")
    small_territory.folder.rename(moved)
    assert load_scenario(moved / "gateways.toml").digest == before
