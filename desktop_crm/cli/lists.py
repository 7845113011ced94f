"""Commands that bring lists in and out: import and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import click

from desktop_crm import masks, tiers, views
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.cli.shared import NEW_FILE, Meter, Shared, answer, command, opened, plain
from desktop_crm.exporting import orders
from desktop_crm.importing import folders, plan, several
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.importing.verdicts import POLICIES
from desktop_crm.shop import Shop

_FILE = click.Path(path_type=Path)
_MOST_ROWS = 20
"""So many rows of a sheet are named to a person."""


def _lines_of(_context: click.Context, _option: click.Parameter, file: Path | None) -> tuple[str, ...]:
    """The lines of a file, none where none is given."""
    return tuple(file.read_text("utf-8-sig", errors="replace").splitlines()) if file else ()


@command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--kind", type=click.Choice(("auto", *KINDS)), default="auto", show_default=True)
@click.option("--policy", type=click.Choice(POLICIES), default="fill", show_default=True)
@click.option("--sheet", help="Only the sheet of this name.")
@click.option("--encoding", help="Of a text file; judged by its content if not given.")
@click.option(
    "--workbook-password-file",
    "passwords",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_lines_of,
    help="File with the passwords of workbooks, one in a line.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--rejects", type=NEW_FILE, help="Where the bad rows go, .xlsx.")
def bring_in(
    shared: Shared, files: tuple[Path, ...], dry_run: bool, rejects: Path | None, **asked: Any
) -> None:
    """Read workbooks, CSV, text, phone books, or folders with them, into the shop."""
    with opened(shared) as shop:
        batch = _looked(shop, files, asked)
        try:
            if not dry_run:
                several.write_all(shop, batch, Meter())
            given = [] if rejects is None else _give_back(batch, rejects)
            found = masks.veil(shop, several.report(batch))
        finally:
            batch.close()
        words = "" if dry_run else tiers.waiting(shop)
    if words:
        click.echo(words + " " + _("See them with: tiers; move them with: tiers --apply"), err=True)
    lines = []
    for entry in found["files"]:
        lines += [_line(entry, dry_run), *_rows(entry)]
    if rejects is not None:
        found["rejects"] = [str(file) for file in given]
    lines += [_("The bad rows are in {file}.").format(file=file) for file in given]
    lines += [f"{each.path}: {each.why}" for each in batch.passed]
    answer(shared, found, lines)


@command("export")
@click.argument("kind", type=click.Choice((*KINDS, "all")))
@click.argument("out", type=NEW_FILE)
@click.option(
    "--view", metavar="NAME", help="Only the customers of the view of this name, and what is theirs."
)
@click.option(
    "--encoding",
    type=click.Choice(orders.ENCODINGS),
    default=orders.ENCODINGS[0],
    show_default=True,
    help="How a .csv is encoded.",
)
def take_out(shared: Shared, kind: Kind | Literal["all"], out: Path, view: str | None, encoding: str) -> None:
    """Write customers, purchases, follow-ups, complaints or all of them to OUT: .xlsx, .csv, .vcf, .ics, .db or .zip."""
    meter = Meter()
    with opened(shared) as shop:
        order = orders.Order(kind, out, encoding=encoding)
        if view is not None:
            named = views.by_name(shop, view)
            order = replace(order, meant=views.filter_of(named), view=named.name)
        written = orders.export(shop, order, meter.report)
    words = ngettext("{count} row is in {file}.", "{count} rows are in {file}.", written.rows)
    answer(shared, plain(written), [words.format(count=written.rows, file=out)])


def _looked(shop: Shop, files: Sequence[Path], asked: Mapping[str, Any]) -> several.Batch:
    """All sheets rehearsed; a named file that cannot be read stops all before anything is written, others are told."""
    found, passed = folders.find(files, Meter())
    batch = several.Batch(passed=passed)
    try:
        for path in found:
            for item in several.look(shop, path, progress=Meter(), **asked):
                if item.problem is None:
                    batch.items.append(item)
                elif path in files:
                    raise item.problem
                else:
                    batch.passed.append(folders.PassedOver(path, str(item.problem)))
        if not batch.items:
            raise folders.no_lists(files)
    except BaseException:
        batch.close()
        raise
    return batch


def _give_back(batch: several.Batch, rejects: Path) -> list[Path]:
    """One file for each sheet: a sheet's bad rows keep that sheet's own columns."""
    made: list[Path] = []
    for place, item in enumerate(batch.items):
        if item.plan is not None and item.plan.counts["bad"]:
            out = rejects.with_stem(f"{rejects.stem}-{place + 1}") if rejects.exists() and place else rejects
            plan.write_rejects(item.plan, out)
            made.append(out)
    return made


def _rows(entry: dict[str, Any]) -> list[str]:  # JSON values
    """The rows somebody should look at with their reasons, the bad ones first."""
    kinds = (
        ("bad_rows", _("Row {row} is bad: {reasons}")),
        ("doubtful", _("Row {row} is doubtful: {reasons}")),
    )
    found = [(words, each["row"], " ".join(each["reasons"])) for name, words in kinds for each in entry[name]]
    left_out = _("Row {row} is left out: {reasons}")
    found += [(left_out, each["row"], each["why"]) for each in entry["left_out"]]
    lines = ["  " + words.format(row=row, reasons=reasons) for words, row, reasons in found[:_MOST_ROWS]]
    left = len(found) - len(lines)
    if left:
        words = ngettext("and {count} more row", "and {count} more rows", left)
        lines.append("  " + words.format(count=left))
    return lines


def _line(entry: dict[str, Any], dry_run: bool) -> str:
    words = (
        _(
            "{file}: {new} new, {update} to update, {same} the same, {skip} left alone, {bad} bad. Nothing was changed."
        )
        if dry_run
        else _("{file}: {new} new, {update} updated, {same} the same, {skip} left alone, {bad} bad.")
    )
    return words.format(**{name: entry[name] for name in ("file", "new", "update", "same", "skip", "bad")})
