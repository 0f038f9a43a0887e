"""A calibration as a person reads it, and as a program does."""

from __future__ import annotations

import json
from collections.abc import Sequence

from models.lora.calibration.fit import Calibration
from models.lora.calibration.likelihood import Likelihood
from models.lora.calibration.table import TableRow
from twin.lang import Lang, Text

NARROW = "\u202f"
NO_BREAK = "\u00a0"


def as_json(
    calibration: Calibration, model: str, gateways: int, notices: Sequence[Text], lang: Lang
) -> str:
    """Return the calibration as JSON; the keys are listed by `calibrate_command.calibrate`."""
    content = {
        "model": model,
        "likelihood": calibration.likelihood.value,
        "frames_heard": calibration.frames_heard,
        "frames_missed": calibration.frames_missed,
        "places": calibration.places,
        "gateways": gateways,
        "standard_errors": "by-place" if calibration.clustered else "information",
        "reference_use_case": calibration.reference_use_case,
        "pivot_loss_db": calibration.form.pivot_db,
        "gain_dbm": calibration.form.gain_dbm,
        "parameters": [
            {
                "key": p.key,
                "unit": p.unit,
                "estimate": p.estimate,
                "standard_error": p.standard_error,
                "low_90": p.low,
                "high_90": p.high,
            }
            for p in calibration.parameters
        ],
        "ignoring_misses": {
            "slope": calibration.naive_slope,
            "sigma_db": calibration.naive_sigma_db,
        },
        "log_likelihood": calibration.log_likelihood,
        "table": [
            {name: value for name, value in row.__dict__.items() if name != "label"}
            for row in calibration.table
        ],
        "notices": [notice.say(lang) for notice in notices],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_text(
    calibration: Calibration, model: str, gateways: int, notices: Sequence[Text], lang: Lang
) -> str:
    """Return the calibration as lines for a terminal."""
    blocks = [
        _heading(calibration, model, gateways).say(lang),
        "\n".join(_parameter_lines(calibration, lang)),
        _naive(calibration, lang),
        "\n".join(_table_lines(calibration.table, lang)),
        _legend(calibration).say(lang),
    ]
    colon = f"{NO_BREAK}:" if lang is Lang.FR else ":"
    blocks.extend(f"note{colon} {notice.say(lang)}" for notice in notices)
    return "\n\n".join(block for block in blocks if block)


def number(value: float, decimals: int, lang: Lang) -> str:
    """Return a number in the reader's typography."""
    text = f"{value:,.{decimals}f}"
    if lang is Lang.EN:
        return text
    return text.replace(",", NARROW).replace(".", ",")


def _heading(calibration: Calibration, model: str, gateways: int) -> Text:
    kinds = {
        Likelihood.CENSORED: Text("censurée (Tobit)", "censored (Tobit)"),
        Likelihood.TRUNCATED: Text("tronquée", "truncated"),
    }
    kind = kinds[calibration.likelihood]
    heard, missed = calibration.frames_heard, calibration.frames_missed
    return Text(
        f"Calibration de {model} : {number(heard, 0, Lang.FR)} trames reçues, "
        f"{number(missed, 0, Lang.FR)} perdues, {number(calibration.places, 0, Lang.FR)} lieux, "
        f"{gateways} passerelles ; vraisemblance {kind.fr}",
        f"Calibration of {model}: {heard:,} frames heard, {missed:,} missed, "
        f"{calibration.places:,} places, {gateways} gateways; {kind.en} likelihood",
    )


def _parameter_lines(calibration: Calibration, lang: Lang) -> list[str]:
    percent = f"90{NO_BREAK}%" if lang is Lang.FR else "90%"
    head = Text("paramètre", "parameter").say(lang), Text("valeur", "value").say(lang)
    error = Text("erreur type", "std. error").say(lang)
    interval = Text("intervalle à", "interval at").say(lang)
    lines = [f"{head[0]:<40}{head[1]:>10}{error:>13}   {interval} {percent}"]
    for p in calibration.parameters:
        label = p.label.say(lang) + (f" ({p.unit})" if p.unit else "")
        low, high = number(p.low, 2, lang), number(p.high, 2, lang)
        value, spread = number(p.estimate, 2, lang), number(p.standard_error, 2, lang)
        lines.append(f"{label:<40}{value:>10}{spread:>13}   [{low} ; {high}]")
    return lines


def _naive(calibration: Calibration, lang: Lang) -> str:
    slope = number(calibration.naive_slope, 2, lang)
    sigma = number(calibration.naive_sigma_db, 2, lang)
    label = calibration.form.slope_label
    return Text(
        f"Sans compter les trames perdues on lirait : {label.fr} {slope}, écart type {sigma} dB.",
        f"Ignoring the missed frames one would read: {label.en} {slope}, sigma {sigma} dB.",
    ).say(lang)


def _table_lines(rows: Sequence[TableRow], lang: Lang) -> list[str]:
    heads = (
        Text("n", "n"),
        Text("biais", "bias"),
        Text("REQM", "RMSE"),
        Text("biais|reçue", "bias|heard"),
        Text("REQM|reçue", "RMSE|heard"),
        Text("part prédite", "pred. share"),
        Text("observée", "observed"),
    )
    lines = [f"{'(dB)':<42}" + "".join(f"{head.say(lang):>13}" for head in heads)]
    for row in rows:
        cells = [number(row.n, 0, lang)]
        figures = (row.bias_db, row.rmse_db, row.bias_heard_db, row.rmse_heard_db)
        cells.extend(number(value, 2, lang) for value in figures)
        cells.extend(_share(value, lang) for value in (row.predicted_share, row.observed_share))
        lines.append(f"{row.label.say(lang):<42}" + "".join(f"{cell:>13}" for cell in cells))
    return lines


def _share(value: float | None, lang: Lang) -> str:
    if value is None:
        return "-"
    return number(100.0 * value, 1, lang) + (f"{NO_BREAK}%" if lang is Lang.FR else "%")


def _legend(calibration: Calibration) -> Text:
    errors = Text("issues de l'information observée", "from the observed information")
    if calibration.clustered:
        errors = Text(
            "robustes, groupées par lieu (les trames d'un lieu partagent leur ombrage)",
            "cluster-robust by place (frames of one place share their shadowing)",
        )
    return Text(
        "Biais et REQM bruts : niveau reçu moins médiane prédite ; même un modèle exact paraît "
        "trop bas sur les seules trames reçues. « |reçue » : moins le niveau moyen d'une trame "
        f"reçue, sans ce biais. Erreurs types {errors.fr}.",
        "Raw bias and RMSE: received level minus predicted median; even an exact model looks too "
        "low on the frames heard alone. '|heard': minus the mean level of a frame that is heard, "
        f"free of that bias. Standard errors {errors.en}.",
    )
