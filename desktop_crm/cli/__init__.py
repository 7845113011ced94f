"""The command line: thin, every command one feature call, `--json` everywhere; the commands are in files by noun.

`--shop`, `--json`, `--lang`, `--user` and the password options are accepted before and after a command's name.
Exit status: 0 done; 1 the person can act (one sentence on standard error, nothing half done); 2 wrong usage.
"""

from __future__ import annotations

import sys

import click

from desktop_crm import __version__, app
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _
from desktop_crm.cli.help import spoken
from desktop_crm.cli.shared import Shared, shared_options


class Commands(click.Group):
    """Looks its commands up when one is asked for: they import every feature, and the window must be there at once."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._gather()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._gather()
        return super().list_commands(ctx)

    def _gather(self) -> None:
        from desktop_crm.cli import (  # all the features
            audit,
            customers,
            duplicates,
            figures,
            history,
            lists,
            passwords,
            person,
            shops,
        )

        for module in (audit, customers, duplicates, figures, history, lists, passwords, person, shops):
            for found in vars(module).values():
                if isinstance(found, click.Command):
                    self.add_command(found)


@click.group(cls=Commands, invoke_without_command=True)
@shared_options
@click.version_option(__version__, prog_name="desktop-crm")
@click.pass_context
def cli(context: click.Context) -> None:
    """The customer program of a phone shop; without a command it opens the window."""
    if context.invoked_subcommand is None:
        shared = context.ensure_object(Shared)
        app.boot(shared.lang)
        context.exit(app.start(shared.shop))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and answer the exit status."""
    try:
        with spoken(cli, sys.argv[1:] if arguments is None else arguments):
            status = cli.main(args=arguments, prog_name="desktop-crm", standalone_mode=False)
    except click.Abort:
        return 1
    except click.ClickException as problem:
        problem.show()
        return 2
    except Cancelled:
        click.echo(_("Cancelled. Nothing was changed."), err=True)
        return 1
    except CrmError as problem:
        click.echo(str(problem), err=True)
        return 1
    return status if isinstance(status, int) else 0
