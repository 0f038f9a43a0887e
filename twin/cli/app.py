"""The application: finds commands, turns errors into one clear message and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import typer

from twin.cli import schema_command, study_command, validate_command
from twin.cli.language import lang_in, say
from twin.errors import EXIT_BAD_INPUT, TwinError

EXIT_INTERRUPTED = 130


def build_app() -> typer.Typer:
    """Return the application with the kernel's commands and those of every utility present."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help=say(
            "Le jumeau du territoire : jouer l'achat avant de signer la commande.",
            "The territory twin: play the purchase out before the order is signed.",
        ),
    )
    app.command("study")(study_command.study)
    app.command("validate")(validate_command.validate)
    app.command("schema")(schema_command.schema)
    for folder in sorted((Path(__file__).resolve().parents[2] / "models").iterdir()):
        if (folder / "commands.py").is_file():
            importlib.import_module(f"models.{folder.name}.commands").register(app)
    return app


def main() -> None:
    """Run the command line; exit 2 for bad input, 1 for a failed run, 130 for Ctrl-C."""
    try:
        build_app()(standalone_mode=True)
    except TwinError as error:
        print(error.say(lang_in(sys.argv)), file=sys.stderr)  # noqa: T201 - the message itself
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        message = say(
            "interrompu : les réplications terminées sont gardées ; relancer la même commande les "
            "reprend",
            "interrupted: finished replications are kept; the same command takes them up again",
        )
        print(message, file=sys.stderr)  # noqa: T201 - the message itself
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (head, less) has closed it; nothing is wrong with the run.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_BAD_INPUT)
