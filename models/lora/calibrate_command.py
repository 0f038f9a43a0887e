"""`run.py calibrate FRAMES --gateways GATEWAYS`: a propagation model fitted to measured frames.

With `--json` the keys are: `model`, `likelihood` (censored | truncated), `frames_heard`,
`frames_missed`, `places`, `gateways`, `standard_errors` (by-place | information),
`reference_use_case`, `pivot_loss_db`, `gain_dbm`, `parameters` (list of `key`, `unit`, `estimate`,
`standard_error`, `low_90`, `high_90`), `ignoring_misses` (`slope`, `sigma_db`), `log_likelihood`,
`table` (list of `key`, `n`, `bias_db`, `rmse_db`, `bias_heard_db`, `rmse_heard_db`,
`predicted_share`, `observed_share`) and `notices` (list of sentences). Parameter keys: `offset_db`
and `slope`, or `level_1km_dbm` and `exponent` for log-distance; `use_case_NAME_db`; `sigma_db`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.lora.calibration.forms import Form
    from models.lora.calibration.frames import Frames, Gateways
    from models.lora.calibration.observations import Observations

FREQUENCY_MHZ = 868.0
LOG_SUFFIXES = (".json", ".ndjson", ".jsonl")


def calibrate(
    frames: Annotated[
        Path,
        typer.Argument(
            help=say(
                "trames mesurées : CSV, ou journal JSON de The Things Stack ou ChirpStack",
                "measured frames: CSV, or a JSON log of The Things Stack or ChirpStack",
            )
        ),
    ],
    *,
    gateways: Annotated[
        Path, typer.Option(help=say("passerelles (CSV)", "gateways (CSV)"), show_default=False)
    ],
    devices: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "positions des appareils (CSV), pour un journal JSON",
                "positions of the devices (CSV), for a JSON log",
            )
        ),
    ] = None,
    terrain: Annotated[
        Path | None,
        typer.Option(help=say("relief (GeoTIFF, HGT, ASC)", "terrain (GeoTIFF, HGT, ASC)")),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            help="delta-bullington | log-distance | okumura-hata | free-space",
        ),
    ] = "delta-bullington",
    chip: Annotated[
        str, typer.Option(help=say("puce des passerelles", "chip of the gateways"))
    ] = "SX1303",
    erp_dbm: Annotated[
        float, typer.Option(help=say("PAR des appareils, dBm", "ERP of the devices, dBm"))
    ] = 14.0,
    gateway_gain_dbi: Annotated[
        float,
        typer.Option(help=say("antenne moins câble, dBi", "antenna minus cable, dBi")),
    ] = 4.0,
    fixed_slope: Annotated[
        bool,
        typer.Option("--fixed-slope", help=say("ne pas ajuster la pente", "do not fit the slope")),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Caler un modèle de propagation sur des trames mesurées, trames perdues comprises."""
    from models.lora.calibration import fit as fitting
    from models.lora.calibration import report
    from models.lora.calibration.frames import read_gateways
    from models.lora.propagation import propagation_model
    from models.lora.region import DBD_TO_DBI

    chosen = propagation_model(model).value
    stations = read_gateways(gateways)
    measured, notices = _read(frames, stations, devices)
    observed = _observations(measured, stations, chip, notices)
    loss_db, form = _prediction(
        measured, stations, chosen, terrain, erp_dbm + DBD_TO_DBI + gateway_gain_dbi, notices
    )
    if not observed.misses_known:
        notices.append(
            Text(
                "aucune trame perdue n'est notée : vraisemblance tronquée, moins précise",
                "no missed frame is recorded: truncated likelihood, less precise",
            )
        )
    calibration = fitting.calibrate(observed, loss_db, form, fit_slope=not fixed_slope)
    say_all = (*notices, *calibration.notices)
    if as_json:
        typer.echo(report.as_json(calibration, chosen, len(stations.ids), say_all, lang))
    else:
        typer.echo(report.as_text(calibration, chosen, len(stations.ids), say_all, lang))


def _read(path: Path, stations: Gateways, devices: Path | None) -> tuple[Frames, list[Text]]:
    """Return the frames of a CSV or of a network server's log, and what to tell about them."""
    from models.lora.calibration.frames import read_frames

    if path.suffix.lower() not in LOG_SUFFIXES:
        return read_frames(path, stations), []
    from models.lora.calibration.network_logs import frames_from_uplinks, read_devices
    from models.lora.calibration.uplinks import read_uplinks

    uplinks, _ = read_uplinks(path)
    logged = frames_from_uplinks(uplinks, stations, read_devices(devices) if devices else None)
    return logged.frames, list(logged.notices)


def _observations(
    frames: Frames, stations: Gateways, chip: str, notices: list[Text]
) -> Observations:
    """Return levels and thresholds; a frame of unknown spreading factor is taken for SF12."""
    import numpy as np

    from models.lora.calibration.observations import observations, signal_power_dbm
    from models.lora.sensitivity import sensitivity_dbm

    unknown = frames.spreading_factor == 0
    if unknown.any():
        notices.append(
            Text(
                "{n} lignes sans facteur d'étalement : seuil du SF12",
                "{n} rows without a spreading factor: threshold of SF12",
            ).format(n=int(unknown.sum()))
        )
    if (np.isnan(frames.snr_db) & (frames.heard > 0.0)).any():
        notices.append(
            Text(
                "sans SNR le RSSI tient lieu de niveau : trop haut près du bruit",
                "without an SNR the RSSI stands for the level: too high near the noise",
            )
        )
    return observations(
        signal_power_dbm(frames.rssi_dbm, frames.snr_db),
        sensitivity_dbm(chip, np.where(unknown, 12, frames.spreading_factor)),
        place=frames.place,
        gateway=[stations.ids[number] for number in frames.gateway],
        use_case=frames.use_case,
        heard=frames.heard,
        missed=frames.missed,
    )


def _prediction(
    frames: Frames,
    stations: Gateways,
    model: str,
    terrain: Path | None,
    gain_dbm: float,
    notices: list[Text],
) -> tuple[NDArray[np.float64], Form]:
    """Return the predicted loss of each row and the form of the line to fit."""
    import numpy as np

    from models.lora.calibration.forms import decades_db, log_distance_form, terrain_form
    from models.lora.log_distance import OULU

    x_m, y_m = stations.x_m[frames.gateway], stations.y_m[frames.gateway]
    height_m = stations.height_m[frames.gateway]
    distance_m = np.hypot(frames.x_m - x_m, frames.y_m - y_m)
    if model == "log-distance":
        before_dbm = gain_dbm - OULU.reference_db
        return decades_db(distance_m), log_distance_form(before_dbm, OULU.exponent)
    form = terrain_form(gain_dbm)
    if model != "delta-bullington":
        from models.lora.propagation import basic_loss_db

        low_m = np.maximum(frames.height_m, 0.1)
        return basic_loss_db(model, distance_m, height_m, low_m, FREQUENCY_MHZ), form
    from models.lora.profiles import path_losses_db

    if terrain is None:
        from models.lora.default_terrain import default_terrain

        ground = default_terrain()
        notices.append(
            Text(
                "relief synthétique de l'Indre faute de fichier : indicatif seulement",
                "synthetic relief of Indre for want of a file: indicative only",
            )
        )
    else:
        from twin.terrain.readers import read_terrain

        ground = read_terrain(terrain)
    loss_db = path_losses_db(
        ground, x_m, y_m, height_m, frames.x_m, frames.y_m, frames.height_m, FREQUENCY_MHZ, model
    )
    return loss_db, form
