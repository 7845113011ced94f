"""The command line: thin, every command one feature call, `--json` everywhere.

`--shop`, `--json`, `--lang`, `--user` and the password options are accepted before and after a command's name.
Exit status: 0 done; 1 the person can act (one sentence on standard error, nothing half done); 2 wrong usage.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from desktop_crm import app, shops
from desktop_crm.base import i18n
from desktop_crm.base.dates import parse_period
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop

F = TypeVar("F", bound=Callable[..., Any])  # any command function


class NoShopNamed(CrmError):
    """No --shop was given and none was used before."""


class UserUnknown(CrmError):
    """--user names nobody of the staff."""


@dataclass
class Shared:
    """The options that every command takes; those given after the command's name win."""

    shop: Path | None = None
    as_json: bool = False
    lang: str | None = None
    user: str | None = None
    password_file: Path | None = None


def shared_options(command: F) -> F:
    """Give a command the options all share."""
    folder = click.Path(file_okay=False, path_type=Path)
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option(
            "--shop", type=folder, expose_value=False, callback=_keep("shop"), help="The shop's folder."
        ),
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            expose_value=False,
            callback=_keep("as_json"),
            help="Print one JSON document.",
        ),
        click.option(
            "--lang",
            type=click.Choice(i18n.LANGUAGES),
            expose_value=False,
            callback=_keep("lang"),
            help="Language.",
        ),
        click.option("--user", expose_value=False, callback=_keep("user"), help="Who does it, by name."),
        click.option(
            "--password-file",
            type=file,
            expose_value=False,
            callback=_keep("password_file"),
            help="File with the password.",
        ),
    ):
        command = option(command)
    return command


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        shared = context.ensure_object(Shared)
        if value:
            setattr(shared, name, value)

    return keep


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


_DAY = click.DateTime(["%Y-%m-%d"])


@contextmanager
def _open(shared: Shared) -> Iterator[Shop]:
    """The named shop, or the last one; it becomes the last one unless it is the demo."""
    folder = shared.shop or shops.last_used()
    if folder is None:
        raise NoShopNamed(
            _("No shop was used on this PC yet. Name one with --shop DIR, or make one with init DIR.")
        )
    shop = Shop.open(folder)
    try:
        shops.remember(folder, is_demo=shop.get(IS_DEMO))
        yield _as_user(shop, shared.user) if shared.user else shop
    finally:
        shop.close()


def _as_user(shop: Shop, name: str) -> Shop:
    from desktop_crm import staff

    for member in staff.listing(shop):
        if member.name == name:
            return shop.at_counter(member.id)
    raise UserUnknown(_("Nobody of the staff is called {name}. Nothing was done.").format(name=name))


def plain(value: Any) -> Any:
    """A value of a feature as JSON takes it: dataclasses as objects, days as text, sets sorted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def _answer(shared: Shared, result: dict[str, Any], lines: list[str]) -> None:
    """Print the result as one JSON document, or as lines for a person."""
    if shared.as_json:
        click.echo(json.dumps(plain(result), ensure_ascii=False, indent=1))
    else:
        for line in lines:
            click.echo(line)


@click.group(invoke_without_command=True)
@shared_options
@click.version_option(package_name="desktop-crm", prog_name="desktop-crm")
@click.pass_context
def cli(context: click.Context) -> None:
    """The customer program of a phone shop; without a command it opens the window."""
    if context.invoked_subcommand is None:
        shared = context.ensure_object(Shared)
        app.boot(shared.lang)
        context.exit(app.start(shared.shop))


def command(name: str) -> Callable[[F], click.Command]:
    """A command of the group that takes the shared options and the `Shared` object first."""

    def wrap(function: F) -> click.Command:
        def run(*args: Any, **kwargs: Any) -> None:
            shared = click.get_current_context().ensure_object(Shared)
            app.boot(shared.lang)
            function(shared, *args, **kwargs)

        run.__doc__ = function.__doc__
        run.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
        return cli.command(name)(shared_options(run))

    return wrap


_as_of = click.option("--as-of", "as_of", type=_DAY, callback=_day, help="As known at the end of that day.")


@command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name of the shop.")
def init(shared: Shared, folder: Path, name: str) -> None:
    """Make an empty shop in FOLDER."""
    shop = Shop.create(folder, name or folder.resolve().name)
    shop.close()
    shops.remember(folder, is_demo=False)
    _answer(shared, {"shop": folder}, [_("A new shop lies in {folder}.").format(folder=folder)])


@command("demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--customers", type=click.IntRange(min=1), default=2000)
@click.option("--seed", type=int, default=1)
@click.option("--until", type=_DAY, callback=_day, help="The day it is made for; today if not given.")
def make_demo(shared: Shared, folder: Path, customers: int, seed: int, until: date | None) -> None:
    """Make a believable demo shop in FOLDER; the same arguments make the same content."""
    from desktop_crm import demo

    made = demo.make(folder, customers=customers, seed=seed, until=until)
    lines = [_("A demo shop with {count} customers lies in {folder}.").format(count=customers, folder=folder)]
    _answer(shared, {"shop": folder, **made.counts}, lines)


@command("search")
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1000), default=50)
def find(shared: Shared, text: str, limit: int) -> None:
    """Find customers by number, IMEI, name, pinyin or card number."""
    from desktop_crm import search

    with _open(shared) as shop:
        found = search.find(shop, text, limit)
    lines = [f"{hit.customer_id:>7}  {hit.name}  {' '.join(hit.phones)}  {hit.matched}" for hit in found.hits]
    _answer(shared, plain(found), lines or [_("Nobody was found.")])


@command("show")
@click.argument("customer_id", type=int)
def show(shared: Shared, customer_id: int) -> None:
    """Show a customer's card."""
    from desktop_crm import card
    from desktop_crm.reports import lists

    with _open(shared) as shop:
        gathered = card.gather(shop, customer_id)
        lines = lists.card_lines(gathered)
    _answer(shared, plain(gathered), lines)


@command("due")
@click.option("--on", "on", type=_DAY, callback=_day, help="The day; today if not given.")
def due(shared: Shared, on: date | None) -> None:
    """List the follow-ups that are due or overdue."""
    from desktop_crm import followups

    with _open(shared) as shop:
        found = followups.due(shop, on)
    rows = [
        {
            "followup_id": item.followup.id,
            "customer_id": item.followup.customer_id,
            "name": item.name,
            "due_day": item.followup.due_day,
            "reason": item.why,
        }
        for item in found
    ]
    lines = [f"{row['due_day']}  {row['name']}  {row['reason']}" for row in rows]
    _answer(shared, {"due": rows}, lines or [_("Nobody is due.")])


@command("tiers")
@_as_of
@click.option("--apply", "apply_now", is_flag=True, help="Do it, instead of only showing it.")
def retier(shared: Shared, as_of: date | None, apply_now: bool) -> None:
    """Show what a re-tier run would change, or do it."""
    from desktop_crm import tiers

    with _open(shared) as shop:
        proposal = tiers.proposal(shop, as_of)
        if apply_now:
            tiers.apply(shop, proposal)
    changes = [
        {"customer_id": c.customer_id, "from": c.from_tier, "to": c.to_tier, "reason": c.reason}
        for c in proposal.changes
    ]
    lines = [f"{tiers.label(tier)}: {count}" for tier, count in proposal.tiers.items()]
    lines += [
        f"{c.name}: {tiers.label(c.from_tier)} → {tiers.label(c.to_tier)}  {c.reason}"
        for c in proposal.changes
    ]
    _answer(shared, {"tiers": proposal.tiers, "changes": changes}, lines)


@command("kpis")
@click.option("--period", required=True, help="2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15")
@_as_of
def figures(shared: Shared, period: str, as_of: date | None) -> None:
    """Print the figures of a period."""
    from desktop_crm import kpis
    from desktop_crm.base.values import show as show_value

    asked = parse_period(period)
    with _open(shared) as shop:
        found = kpis.all(shop, asked, as_of)
        known = kpis.known_at(shop, asked, as_of)
    names = (
        "value",
        "unit",
        "numerator",
        "denominator",
        "n",
        "previous",
        "last_year",
        "target",
        "note",
        "parts",
    )
    result = {
        "period": {"start": asked.start, "end": asked.end},
        "as_of": known,
        "kpis": {key: {name: getattr(kpi, name) for name in names} for key, kpi in found.items()},
    }
    lines = [f"{kpi.label}: {show_value(kpi.value, kpi.unit)}  {kpi.note}".rstrip() for kpi in found.values()]
    _answer(shared, result, lines)


@command("report")
@click.option("--period", required=True, help="2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15")
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .pdf or .xlsx file.",
)
@_as_of
def report(shared: Shared, period: str, out: Path, as_of: date | None) -> None:
    """Save the printable report of a period as PDF or workbook."""
    from desktop_crm.reports import monthly, output

    with _open(shared) as shop:
        pages = output.save(monthly.make(shop, parse_period(period), as_of), out)
    _answer(shared, {"file": out, "pages": pages}, [_("The report is in {file}.").format(file=out)])


@command("history")
@click.option("--limit", type=click.IntRange(1), default=50)
def list_history(shared: Shared, limit: int) -> None:
    """List what was done by whom, newest first."""
    from desktop_crm import history, staff

    with _open(shared) as shop:
        rows = [
            {
                "change_id": change.id,
                "label": change.label,
                "at": change.at,
                "by": staff.name_of(shop, change.staff_id),
                "kinds": [kind for kind in change.kinds.split(",") if kind],
                "undone": change.undone_by is not None,
            }
            for change in history.changes(shop, limit)
        ]
    lines = [f"{row['change_id']:>6}  {row['at']}  {row['by']}  {row['label']}" for row in rows]
    _answer(shared, {"changes": rows}, lines)


@command("undo")
@click.argument("change_id", type=int, required=False)
def undo(shared: Shared, change_id: int | None) -> None:
    """Take a change back: the given one, or your latest of today."""
    from desktop_crm import history

    with _open(shared) as shop:
        done = history.undo(shop, change_id)
    _answer(shared, plain(done), [done.sentence()])


@command("redo")
def redo(shared: Shared) -> None:
    """Do again what was undone last."""
    from desktop_crm import history

    with _open(shared) as shop:
        done = history.redo(shop)
    _answer(shared, plain(done), [done.sentence()])


@command("backup")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
def make_backup(shared: Shared, out: Path | None) -> None:
    """Make a verified backup."""
    from desktop_crm import backup

    with _open(shared) as shop:
        path = backup.make(shop, "manual", out)
    _answer(shared, {"file": path, "verified": True}, [_("The backup is in {file}.").format(file=path)])


@command("backups")
def list_backups(shared: Shared) -> None:
    """List the backups of the shop, newest first."""
    from desktop_crm import backup

    with _open(shared) as shop:
        found = backup.listing(shop)
    rows = [{"file": item.path, "at": item.at, "why": item.why, "size": item.size} for item in found]
    _answer(shared, {"backups": rows}, [f"{item.at}  {item.why}  {item.path}" for item in found])


@command("restore")
@click.argument("file", metavar="BACKUP", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def restore(shared: Shared, file: Path, folder: Path) -> None:
    """Put a backup into the new folder DIR."""
    from desktop_crm import backup

    backup.restore(file, folder)
    _answer(
        shared,
        {"shop": folder},
        [_("The shop of {file} is now in {folder}.").format(file=file.name, folder=folder)],
    )


@command("check")
def check(shared: Shared) -> None:
    """Check the shop's file, indexes and totals."""
    from desktop_crm import integrity

    with _open(shared) as shop:
        found = integrity.check(shop)
    lines = [f"{finding.what} {finding.mend}" for finding in found]
    _answer(shared, {"ok": not found, "findings": found}, lines or [_("Everything is in order.")])


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and answer the exit status."""
    try:
        status = cli.main(args=arguments, prog_name="desktop-crm", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
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


if __name__ == "__main__":
    sys.exit(main())
