"""`run.py site SCENARIO`: the least-cost high points for one option, with the proven gap.

`--json` prints: option, redundancy, share, gateways, sites, cost_eur, bound_eur, gap,
proven_optimal, planning_margin_db, expected_share_1, expected_share_target, reachable_share,
programme (site, zone rank, year) and, with `--budget-eur`, the same of the best network that the
budget buys (objective and bound are then meters).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lora.plan import Plan, Siting
    from models.lora.settings import Settings
    from models.lora.stage import Stage
    from twin.scenario import Option, Scenario


def site(
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    option: Annotated[
        str, typer.Option("--option", help=say("option du scénario", "option of the scenario"))
    ] = "",
    redundancy: Annotated[
        int | None,
        typer.Option("--redundancy", min=1, max=4, help=say("passerelles", "gateways")),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            "--share", min=0.0, max=1.0, help=say("part des compteurs", "share of meters")
        ),
    ] = None,
    budget_eur: Annotated[
        float | None,
        typer.Option(
            "--budget-eur",
            min=0.0,
            help=say(
                "le mieux qu'achète ce budget sur 10 ans", "the best this 10-year budget buys"
            ),
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help=say("un compteur sur dix", "one meter in ten"))
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Solve the siting of one option and print it.

    Raises
    ------
    UnreachableError
        All allowed sites together do not reach the share; the message says what they reach.
    """
    from models.lora.siting_answer import option_asked, settings_asked, solve_option
    from twin.scenario import load_scenario

    loaded = load_scenario(scenario, quick=quick)
    chosen = option_asked(loaded, option)
    settings = settings_asked(chosen, redundancy, share)
    solved = solve_option(loaded, settings)
    stage, siting, plan = solved.stage, solved.siting, solved.plan
    if not plan.reaches_target:
        _refuse(loaded, settings, siting, plan)
    answer = _answer(loaded, chosen, settings, siting, plan, stage)
    if budget_eur is not None:
        answer["within_budget"] = _within_budget(loaded, siting, plan, stage, budget_eur)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for line in _lines(answer, chosen.name, lang):
        typer.echo(line)


def _refuse(scenario: Scenario, settings: Settings, siting: Siting, plan: Plan) -> None:
    from twin.errors import Fault, UnreachableError
    from twin.report.typography import percent

    target = settings.target
    most = Text(*(percent(plan.reachable_share, lang, 1) for lang in Lang))
    sites = int(siting.allowed.sum())
    raise UnreachableError(
        Fault(
            expected=Text(
                f"au plus {most.fr} : c'est ce que donnent ensemble les {sites} "
                f"points hauts permis, pour {target.redundancy} passerelle(s) par compteur",
                f"at most {most.en}: what the {sites} allowed high points give "
                f"together, for {target.redundancy} gateway(s) per meter",
            ),
            remedy=Text(
                "ajouter des points hauts (lora.sites.own), baisser la part ou la redondance",
                "add high points (lora.sites.own), lower the share or the redundancy",
            ),
            file=str(scenario.path),
            key="lora.target.share",
            value=f"{target.share:g}",
        )
    )


def _answer(
    scenario: Scenario,
    option: Option,
    settings: Settings,
    siting: Siting,
    plan: Plan,
    stage: Stage,
) -> dict[str, Any]:
    from models.lora.plan import investment_eur

    steps = siting.programme(plan, stage, investment_eur(scenario))
    return {
        "option": option.id,
        "redundancy": settings.target.redundancy,
        "share": settings.target.share,
        "gateways": len(plan.sites),
        "sites": [stage.sites.ids[index] for index in plan.sites],
        "cost_eur": plan.cost_eur,
        "bound_eur": plan.bound_eur,
        "gap": plan.gap,
        "proven_optimal": plan.proven,
        "planning_margin_db": plan.margin_db,
        "expected_share_1": plan.expected_share[0],
        "expected_share_target": plan.expected_share[1],
        "reachable_share": plan.reachable_share,
        "programme": [
            {
                "site": stage.sites.ids[step.site],
                "epci": siting.epci_names[step.zone],
                "year": scenario.study.start.year + step.year,
                "meters_reached": step.reached,
            }
            for step in steps
        ],
    }


def _within_budget(
    scenario: Scenario, siting: Siting, plan: Plan, stage: Stage, budget_eur: float
) -> dict[str, Any]:
    solution = siting.within_budget(plan.margin_db, budget_eur, scenario.study.seed)
    expected = siting.expected(solution.sites)
    return {
        "budget_eur": budget_eur,
        "gateways": len(solution.sites),
        "sites": [stage.sites.ids[index] for index in solution.sites],
        "cost_eur": solution.cost_eur,
        "meters_served": solution.covered_weight,
        "meters_bound": solution.bound,
        "gap": solution.gap,
        "expected_share_1": expected[0],
        "expected_share_target": expected[1],
    }


def _lines(answer: dict[str, Any], name: Text, lang: Lang) -> list[str]:
    from twin.report.typography import euros, number, percent

    def share(value: float, decimals: int = 1) -> str:
        return percent(value, lang, decimals)

    k, margin = answer["redundancy"], number(answer["planning_margin_db"], 1, lang)
    proof = (
        Text("optimum prouvé", "proven optimum")
        if answer["proven_optimal"]
        else Text(
            f"écart prouvé à l'optimum : {share(answer['gap'])}",
            f"proven gap to the optimum: {share(answer['gap'])}",
        )
    )
    texts = [
        name,
        Text(
            f"{answer['gateways']} passerelles, {euros(answer['cost_eur'], lang, tax='HT')} sur 10 "
            f"ans ({proof.fr})",
            f"{answer['gateways']} gateways, {euros(answer['cost_eur'], lang, tax='HT')} over 10 "
            f"years ({proof.en})",
        ),
        Text(
            f"attendu : {share(answer['expected_share_1'])} des compteurs entendus par 1 "
            f"passerelle, {share(answer['expected_share_target'])} par {k} (tous les points hauts "
            f"ensemble : {share(answer['reachable_share'])}) ; marge de planification "
            f"{margin} dB",
            f"expected: {share(answer['expected_share_1'])} of meters heard by 1 gateway, "
            f"{share(answer['expected_share_target'])} by {k} (all high points together: "
            f"{share(answer['reachable_share'])}); planning margin {margin} dB",
        ),
    ]
    lines = [text.say(lang) for text in texts]
    lines.append(Text("sites : ", "sites: ").say(lang) + " ".join(answer["sites"]))
    if "within_budget" in answer:
        best = answer["within_budget"]
        lines.append(
            Text(
                f"avec {euros(best['budget_eur'], lang)} : {best['gateways']} passerelles, "
                f"{share(best['expected_share_target'])} par {k} ; écart prouvé "
                f"{share(best['gap'])}",
                f"with {euros(best['budget_eur'], lang)}: {best['gateways']} gateways, "
                f"{share(best['expected_share_target'])} by {k}; proven gap {share(best['gap'])}",
            ).say(lang)
        )
    return lines
