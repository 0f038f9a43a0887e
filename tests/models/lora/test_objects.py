"""A planner's objects: read, sampled, and heard as the study's own links are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lora.coverage_rasters import Gateways, coverage_rasters
from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
from models.lora.link_budget import Direction, link_budget
from models.lora.meters import INDOOR, OUTDOOR, PIT
from models.lora.object_budget import CentralBudget
from models.lora.object_reception import NONE, Network, Reception, hear
from models.lora.object_samples import Samples, kilometres, sample_objects
from models.lora.object_tables import Answer, weighted_median
from models.lora.objects import Objects, Shape, read_objects
from models.lora.profiles import path_losses_db
from models.lora.reception import probability_heard
from models.lora.settings import RadioSection
from models.lora.single_link import Place, compute_link
from models.lora.sweep import RasterFrame, SweepSettings
from models.lora.use_cases import UseCase
from twin.errors import DataError
from twin.lang import same
from twin.layers import read_layer
from twin.terrain.grid import Terrain

WEST_M, NORTH_M = 600_000.0, 6_640_000.0
LOSSES = Losses(
    pit_db=20.0,
    clutter_db=6.5,
    antenna_db=2.25,
    noise_rise_db=3.5,
    bias_db=-1.0,
    entry_probability=0.5,
)
BUDGET = CentralBudget(RadioSection(max_range_km=9.0), LOSSES, 8.0, 1.0)


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """Return rolling ground, 10 km square."""
    y, x = np.mgrid[0:200, 0:200] * 50.0
    heights = 150.0 + 40.0 * np.sin(x / 900.0) * np.cos(y / 700.0) + 15.0 * np.sin((x + y) / 260.0)
    return Terrain(heights.astype(np.float32), WEST_M, NORTH_M, 50.0, same("waves"), synthetic=True)


@pytest.fixture(scope="module")
def network() -> Network:
    """Return three gateways."""
    return Network(
        ids=("G1", "G2", "G3"),
        names=("", "", ""),
        kinds=("mast", "municipal", "own"),
        x_m=np.array([602_000.0, 607_500.0, 605_000.0]),
        y_m=np.array([6_632_000.0, 6_637_500.0, 6_633_000.0]),
        height_m=np.array([30.0, 25.0, 40.0]),
    )


def everywhere(x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Say that every place is in the territory."""
    return np.isfinite(x_m) & np.isfinite(y_m)


def some(shape: Shape, *geometries: shapely.Geometry, case: UseCase = UseCase.BIN) -> Objects:
    """Return objects without a file."""
    count = len(geometries)
    return Objects(
        file="made-up",
        shape=shape,
        places=tuple(f"n. {rank}" for rank in range(1, count + 1)),
        ids=tuple(str(rank) for rank in range(1, count + 1)),
        names=("",) * count,
        cases=(case,) * count,
        height_m=np.full(count, BUDGET.height_m(case)),
        geometries=geometries,
    )


def heard(terrain: Terrain, network: Network, objects: Objects) -> Answer:
    """Return the answer for objects."""
    samples = sample_objects(objects, terrain, everywhere)
    owner = samples.owner()
    reception = hear(
        terrain,
        network,
        BUDGET,
        samples.x_m,
        samples.y_m,
        objects.height_m[owner],
        BUDGET.offsets_db(objects.cases)[owner],
    )
    return Answer(objects, samples, reception, network, BUDGET, synthetic=True)


def cells(answer: Answer, row: int = 0) -> dict[str, object]:
    """Return one row of the objects' table by column name."""
    table = answer.table
    names = [column.name for column in table.columns]
    return dict(zip(names, table.rows[row], strict=True))


# --- the budget -------------------------------------------------------------------------------


def test_a_meter_has_the_margin_the_study_gives_it() -> None:
    """Level minus threshold is the study's margin: fixed gain - meter-side losses - path loss."""
    places = {UseCase.METER_OUTDOOR: OUTDOOR, UseCase.METER_INDOOR: INDOOR, UseCase.METER_PIT: PIT}
    for case, place in places.items():
        side = placement_loss_db(BUDGET.radio, np.array([place], dtype=np.uint8), LOSSES)[0]
        study_db = fixed_gain_db(BUDGET.radio) - side - 120.0
        margin_db = BUDGET.offset_db(case) - 120.0 - BUDGET.threshold_dbm()
        assert margin_db == pytest.approx(study_db, abs=1e-12)


@pytest.mark.parametrize("case", list(UseCase))
def test_the_budget_is_that_of_the_link_calculator(case: UseCase) -> None:
    """With the calculator's central losses, level and margin are its uplink's, line for line."""
    reference = link_budget(case)
    losses = Losses(
        pit_db=link_budget("meter-pit").place.entry_db,
        clutter_db=6.0,
        antenna_db=reference.device_antenna_loss_db,
        noise_rise_db=reference.noise_rise_db,
        bias_db=0.0,
        entry_probability=0.5,
    )
    budget = CentralBudget(RadioSection(), losses, 1.0, 1.0)
    level_dbm = budget.offset_db(case) - 130.0
    assert level_dbm == pytest.approx(reference.level_dbm(130.0, Direction.UPLINK), abs=1e-9)
    margin_db = reference.margin_db(130.0, 12, Direction.UPLINK)
    assert level_dbm - budget.threshold_dbm() == pytest.approx(margin_db, abs=1e-9)


def test_the_fastest_factor_is_the_first_whose_sensitivity_suffices() -> None:
    """SX1303 needs 0, 3, 5.5, 8.5, 12 and 14 dB of SF12 margin for SF12 down to SF7."""
    margins = np.array([-0.1, 0.0, 2.9, 3.0, 5.5, 8.5, 12.0, 13.9, 14.0, 60.0, -np.inf])
    wanted = [0, 12, 12, 11, 10, 9, 8, 8, 7, 7, 0]
    assert BUDGET.fastest_factors(margins).tolist() == wanted


# --- points -----------------------------------------------------------------------------------


def test_a_point_is_heard_exactly_as_its_own_profiles_say(
    terrain: Terrain, network: Network
) -> None:
    """Level, best gateway, count and probabilities are those of `path_losses_db`, to the bit."""
    objects = some(Shape.POINT, shapely.Point(604_321.0, 6_635_678.0), case=UseCase.CABINET)
    found = cells(heard(terrain, network, objects))
    losses = path_losses_db(
        terrain,
        network.x_m,
        network.y_m,
        network.height_m,
        604_321.0,
        6_635_678.0,
        1.2,
        step_m=BUDGET.radio.profile_step_m,
    )
    levels = BUDGET.offset_db(UseCase.CABINET) - losses
    margins = levels - BUDGET.threshold_dbm()
    odds = probability_heard(np.array([0, 3]), margins, 8.0, BUDGET.radio.shadowing_correlation, 2)
    assert found["level_dbm"] == levels.max()
    assert found["margin_db"] == margins.max()
    assert found["best_gateway"] == network.ids[int(np.argmax(levels))]
    assert found["gateways"] == int((margins >= 0).sum())
    assert (found["probability_1"], found["probability_2"]) == tuple(odds[0])


def test_a_point_is_heard_as_the_link_command_says(terrain: Terrain, network: Network) -> None:
    """The basic loss behind a point's level is `run.py link`'s."""
    objects = some(Shape.POINT, shapely.Point(603_210.0, 6_634_567.0))
    one = Network(("G3",), ("",), ("own",), network.x_m[2:], network.y_m[2:], network.height_m[2:])
    loss_db = BUDGET.offset_db(UseCase.BIN) - float(
        heard(terrain, one, objects).reception.level_dbm[0]
    )
    gateway = Place(0.0, 0.0, 40.0, 605_000.0, 6_633_000.0)
    device = Place(0.0, 0.0, 1.2, 603_210.0, 6_634_567.0)
    link = compute_link(terrain, gateway, device, 868.0, BUDGET.radio.profile_step_m)
    assert loss_db == pytest.approx(link.total_db, abs=1e-6)


def test_points_agree_with_the_raster_within_the_sweeps_accuracy(
    terrain: Terrain, network: Network
) -> None:
    """At pixel centres, exact levels differ from the raster's by the sweep's stated error."""
    frame = RasterFrame.over(terrain.bounds_m, 100.0)
    offset_db, threshold_dbm = BUDGET.offset_db(UseCase.BIN), BUDGET.threshold_dbm()
    rasters = coverage_rasters(
        terrain,
        frame,
        Gateways.of(network.x_m, network.y_m, network.height_m, offset_db),
        threshold_dbm,
        SweepSettings(radius_m=9_000.0, device_height_m=1.2, step_m=100.0),
    )
    pick = np.random.default_rng(3).choice(frame.rows * frame.columns, 2_000, replace=False)
    row, column = np.divmod(pick, frame.columns)
    x_m, y_m = frame.x_m()[column], frame.y_m()[row]
    offsets = np.full(len(pick), offset_db)
    exact = hear(terrain, network, BUDGET, x_m, y_m, np.full(len(pick), 1.2), offsets)
    error_db = np.abs(exact.level_dbm - rasters.best_level_dbm[row, column])
    assert np.median(error_db) <= 0.2
    assert np.quantile(error_db, 0.95) <= 1.5


def test_a_point_out_of_range_is_heard_by_nobody(terrain: Terrain) -> None:
    """Beyond the range nothing is told, and a probability of 0 rather than nothing."""
    far = Network(
        ("G",), ("",), ("mast",), np.array([600_100.0]), np.array([6_630_100.0]), np.array([30.0])
    )
    found = cells(heard(terrain, far, some(Shape.POINT, shapely.Point(609_900.0, 6_639_900.0))))
    assert found["best_gateway"] is None
    assert found["level_dbm"] is None
    assert found["spreading_factor"] is None
    assert (found["gateways"], found["probability_1"]) == (0, 0.0)


def test_a_path_over_a_void_is_counted_and_not_heard(terrain: Terrain) -> None:
    """A void between an object and its only gateway leaves it unheard, and says why."""
    heights = terrain.heights_m.copy()
    heights[:, 100] = np.nan
    torn = Terrain(heights, WEST_M, NORTH_M, 50.0, same("torn"), synthetic=True)
    one = Network(
        ("G",), ("",), ("mast",), np.array([602_000.0]), np.array([6_635_000.0]), np.array([30.0])
    )
    found = cells(heard(torn, one, some(Shape.POINT, shapely.Point(607_000.0, 6_635_000.0))))
    assert (found["gateways"], found["void_paths"]) == (0, 1)


# --- polygons ---------------------------------------------------------------------------------


def test_a_polygon_beside_a_gateway_is_wholly_covered(terrain: Terrain, network: Network) -> None:
    """Every place of a small polygon under a gateway hears it: shares and probability are 1."""
    square = shapely.box(604_800.0, 6_632_800.0, 605_200.0, 6_633_200.0)
    found = cells(heard(terrain, network, some(Shape.POLYGON, square, case=UseCase.LAMP)))
    assert found["share_1"] == 1.0
    assert found["probability_1"] == pytest.approx(1.0, abs=1e-6)
    assert found["best_gateway"] == "G3"
    assert found["area_km2"] == pytest.approx(0.16)
    assert (found["spacing_m"], found["places"]) == (50.0, 64)


def test_a_hole_is_not_looked_at(terrain: Terrain) -> None:
    """Places stand inside the polygon, outside its holes, on the stated grid."""
    outer = shapely.box(602_000.0, 6_632_000.0, 605_000.0, 6_635_000.0)
    holed = outer - shapely.box(603_000.0, 6_633_000.0, 604_000.0, 6_634_000.0)
    samples = sample_objects(some(Shape.POLYGON, holed), terrain, everywhere)
    assert samples.spacing_m[0] == 100.0
    assert len(samples.x_m) == 800
    assert shapely.contains_xy(holed, samples.x_m, samples.y_m).all()
    assert samples.weight.sum() == pytest.approx(holed.area)


def test_a_sliver_is_looked_at_somewhere_inside(terrain: Terrain) -> None:
    """A polygon too thin for any grid point still has a place of its own."""
    sliver = shapely.box(602_000.1, 6_632_000.1, 602_000.3, 6_632_000.2)
    samples = sample_objects(some(Shape.POLYGON, sliver), terrain, everywhere)
    assert len(samples.x_m) == 1
    assert shapely.contains_xy(sliver, samples.x_m, samples.y_m).all()


# --- lines ------------------------------------------------------------------------------------


def test_a_roads_kilometres_add_up_to_its_length(terrain: Terrain, network: Network) -> None:
    """Kilometres are 1 km each but the last; lengths, shares and geometries add up."""
    road = shapely.LineString(
        [(601_000.0, 6_631_000.0), (604_000.0, 6_635_000.0), (604_000.0, 6_637_345.0)]
    )
    answer = heard(terrain, network, some(Shape.LINE, road))
    table = answer.kilometre_table
    at = {column.name: index for index, column in enumerate(table.columns)}
    lengths = np.array([row[at["length_km"]] for row in table.rows])
    assert len(lengths) == 8
    assert lengths[:-1] == pytest.approx(np.ones(7))
    assert lengths.sum() * 1e3 == pytest.approx(road.length, abs=1e-6)
    assert answer.layers()[0].geometries[7].length == pytest.approx(345.0, abs=1e-6)
    share = np.array([row[at["share_1"]] for row in table.rows])
    whole = cells(answer)
    assert whole["share_1"] == pytest.approx((share * lengths).sum() / lengths.sum())
    uncovered = ((1.0 - share) * lengths).sum()
    assert whole["uncovered_km"] == pytest.approx(uncovered, abs=1e-9)


def test_the_kilometres_not_heard_are_named(terrain: Terrain) -> None:
    """A road that leaves its only gateway's range names the kilometres it loses."""
    one = Network(
        ("G",), ("",), ("mast",), np.array([600_500.0]), np.array([6_635_000.0]), np.array([60.0])
    )
    road = shapely.LineString([(600_600.0, 6_635_000.0), (609_900.0, 6_635_000.0)])
    found = cells(heard(terrain, one, some(Shape.LINE, road)))
    named = [int(word) for word in str(found["kilometres_uncovered"]).split()]
    assert named[-1] == 10  # beyond 9 km of the gateway
    assert 0.0 < float(str(found["uncovered_km"])) < 9.3


def test_a_road_in_pieces_is_one_road(terrain: Terrain) -> None:
    """Parts that touch are joined, and others follow each other without losing a metre."""
    touching = shapely.MultiLineString(
        [[(601_000, 6_631_000), (601_650, 6_631_000)], [(601_650, 6_631_000), (602_300, 6_631_000)]]
    )
    apart = shapely.MultiLineString(
        [[(601_000, 6_631_000), (601_650, 6_631_000)], [(603_000, 6_631_000), (603_650, 6_631_000)]]
    )
    for road in (touching, apart):
        samples = sample_objects(some(Shape.LINE, road), terrain, everywhere)
        pieces = list(kilometres(road))
        assert len(pieces) == 2
        assert samples.weight.sum() == pytest.approx(1_300.0)
        assert sum(piece.length for _, _, piece in pieces) == pytest.approx(1_300.0)
        assert shapely.distance(shapely.points(samples.x_m, samples.y_m), road).max() < 1e-6


@given(
    st.lists(
        st.tuples(st.integers(601_000, 609_000), st.integers(6_631_000, 6_639_000)),
        min_size=2,
        max_size=6,
        unique=True,
    )
)
@settings(max_examples=40, deadline=None)
def test_steps_of_any_line_add_up(corners: list[tuple[int, int]]) -> None:
    """Steps are at most 100 m, add up to the line and to each of its kilometres."""
    flat = Terrain(
        np.zeros((200, 200), dtype=np.float32), WEST_M, NORTH_M, 50.0, same("flat"), synthetic=True
    )
    road = shapely.LineString(corners)
    samples = sample_objects(some(Shape.LINE, road), flat, everywhere)
    assert samples.weight.max() <= 100.0 + 1e-9
    assert samples.weight.sum() == pytest.approx(road.length, rel=1e-12)
    for low, high, piece in kilometres(road):
        inside = (samples.along_m >= low) & (samples.along_m < high)
        assert samples.weight[inside].sum() == pytest.approx(high - low, abs=1e-6)
        assert piece.length == pytest.approx(high - low, abs=1e-6)


def test_one_place_is_told_as_several_are(terrain: Terrain, network: Network) -> None:
    """The short cut for points gives the row that the general way gives."""
    point = heard(terrain, network, some(Shape.POINT, shapely.Point(604_321.0, 6_635_678.0)))
    short = point._heard(np.array([0]))
    long = point._heard(np.array([0, 0]))
    del short["gateways"]
    assert short == pytest.approx(long)


def test_a_weighted_median_splits_the_weight() -> None:
    """Half of the weight, not of the values, lies at or under it; no gateway counts as least."""
    assert weighted_median(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 5.0])) == 3.0
    assert weighted_median(np.array([-np.inf, -np.inf, 3.0]), np.ones(3)) == -np.inf


# --- reading ----------------------------------------------------------------------------------


def feature(geometry: dict[str, object] | None, **properties: object) -> dict[str, object]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geojson(path: Path, *features: dict[str, object]) -> Path:
    """Write features in Lambert-93."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    content = {"type": "FeatureCollection", "crs": crs, "features": list(features)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def read(path: Path, terrain: Terrain, layer: str | None = None) -> Objects:
    """Read objects with the test's defaults."""
    return read_objects(path, layer, UseCase.METER_PIT, BUDGET.height_m, everywhere, terrain)


ROAD = {"type": "LineString", "coordinates": [[601_000, 6_631_000], [602_000, 6_631_000]]}
POINT = {"type": "Point", "coordinates": [601_000, 6_631_000]}


def test_columns_have_defaults(tmp_path: Path, terrain: Terrain) -> None:
    """Without columns an object has its rank, the usual use case and that case's antenna."""
    file = tmp_path / "bornes.csv"
    file.write_text(
        "x_m;y_m;use_case;height_m\n"
        "601000;6631000;;\n602000;6631000;lamp;\n603000;6631000;bin;2,5\n",
        encoding="utf-8",
    )
    found = read(file, terrain)
    assert found.ids == ("1", "2", "3")
    assert found.cases == (UseCase.METER_PIT, UseCase.LAMP, UseCase.BIN)
    assert found.height_m.tolist() == [1.0, 8.0, 2.5]


def test_lines_are_read_in_lambert_from_any_system(tmp_path: Path, terrain: Terrain) -> None:
    """A road told in WGS84 lies where its Lambert-93 twin does."""
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    corners = [
        list(back.transform(*place)) for place in ((601_000, 6_631_000), (602_000, 6_631_000))
    ]
    file = tmp_path / "route.geojson"
    line = feature({"type": "LineString", "coordinates": corners}, id="D943", use_case="cabinet")
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [line]}), encoding="utf-8")
    found = read(file, terrain)
    assert (found.shape, found.ids, found.cases) == (Shape.LINE, ("D943",), (UseCase.CABINET,))
    twin = shapely.LineString([(601_000, 6_631_000), (602_000, 6_631_000)])
    assert found.geometries[0].hausdorff_distance(twin) < 0.01
    assert read_layer(file).in_lambert()[0].geom_type == "LineString"  # type: ignore[union-attr]


def refused(path: Path, terrain: Terrain, layer: str | None = None) -> str:
    """Return what is said of a file that must be refused."""
    with pytest.raises(DataError) as caught:
        read(path, terrain, layer)
    return caught.value.say()


def test_mixed_geometries_are_refused_with_their_counts(tmp_path: Path, terrain: Terrain) -> None:
    """One fault says which sorts were met, how often, and to split the layer."""
    said = refused(geojson(tmp_path / "m.geojson", feature(POINT), feature(ROAD)), terrain)
    assert "LineString x 1, Point x 1" in said
    assert "séparez" in said


def test_bad_features_are_told_all_at_once(tmp_path: Path, terrain: Terrain) -> None:
    """A missing, an invalid and a faraway polygon give one fault each, by rank."""
    bow = [[[601e3, 6631e3], [602e3, 6632e3], [602e3, 6631e3], [601e3, 6632e3], [601e3, 6631e3]]]
    far = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    fine = [[[601e3, 6631e3], [602e3, 6631e3], [602e3, 6632e3], [601e3, 6631e3]]]
    file = geojson(
        tmp_path / "p.geojson",
        *(feature({"type": "Polygon", "coordinates": rings}) for rings in (fine, bow, far)),
        feature(None),
    )
    lines = refused(file, terrain).splitlines()
    assert [line.split(", geometry")[0].split(" : ")[-1] for line in lines] == [
        "n. 2",
        "n. 3",
        "n. 4",
    ]


def test_an_empty_layer_is_refused(tmp_path: Path, terrain: Terrain) -> None:
    """A layer without a feature is a fault, not an empty answer."""
    assert "vide" in refused(geojson(tmp_path / "none.geojson"), terrain)


def test_an_unknown_use_case_is_refused(tmp_path: Path, terrain: Terrain) -> None:
    """The fault names the row, the word met and the six that are known."""
    said = refused(geojson(tmp_path / "r.geojson", feature(ROAD, use_case="drone")), terrain)
    assert "drone" in said
    assert "meter-pit" in said


def test_an_id_met_twice_is_refused(tmp_path: Path, terrain: Terrain) -> None:
    """Two objects of one id could not be told apart in the answer."""
    twice = [feature(ROAD, id="D1"), feature(ROAD, id="D1")]
    assert "D1" in refused(geojson(tmp_path / "t.geojson", *twice), terrain)
    rank = [feature(ROAD, id="2"), feature(ROAD, id=None)]
    assert "identifiant" in refused(geojson(tmp_path / "k.geojson", *rank), terrain)


def test_an_object_on_a_void_or_outside_is_refused(terrain: Terrain) -> None:
    """A road over a void, and one wholly outside the territory, are named."""
    heights = terrain.heights_m.copy()
    heights[:, 40:60] = np.nan
    torn = Terrain(heights, WEST_M, NORTH_M, 50.0, same("torn"), synthetic=True)
    across = shapely.LineString([(601_000, 6_635_000), (604_000, 6_635_000)])
    away = shapely.LineString([(607_000, 6_635_000), (608_000, 6_635_000)])

    def west_half(x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        return np.asarray(x_m < 605_000.0)

    with pytest.raises(DataError) as caught:
        sample_objects(some(Shape.LINE, across, away), torn, west_half)
    assert [fault.key for fault in caught.value.faults] == ["n. 1, geometry", "n. 2, geometry"]


def test_an_answer_says_nothing_it_does_not_know() -> None:
    """Objects no gateway is within range of have empty cells, never infinities."""
    silent = Reception(
        best=np.array([NONE]),
        level_dbm=np.array([-np.inf]),
        margin_db=np.array([-np.inf]),
        count=np.array([0]),
        probability=np.zeros((1, 2)),
        void_paths=np.array([0]),
    )
    samples = Samples(
        np.array([0, 1]), np.array([6e5]), np.array([66e5]), np.ones(1), np.zeros(1), np.zeros(1)
    )
    empty = Network((), (), (), np.zeros(0), np.zeros(0), np.zeros(0))
    objects = some(Shape.POINT, shapely.Point(6e5, 66e5))
    answer = Answer(objects, samples, silent, empty, BUDGET, synthetic=False)
    assert cells(answer)["margin_db"] is None
    json.dumps(answer.summary(), allow_nan=False)
