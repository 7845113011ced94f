"""Commands about a whole shop: make one, make a demo, backups, the check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from desktop_crm import backup, demo, integrity, restore, shops
from desktop_crm.base.i18n import _
from desktop_crm.cli.shared import (
    NEW_FILE,
    NEW_FOLDER,
    Meter,
    Shared,
    answer,
    command,
    day_option,
    needed_password,
    opened,
    password_of,
)
from desktop_crm.passwords import PasswordNeeded
from desktop_crm.shop import Shop


@command("init")
@click.argument("folder", metavar="DIR", type=NEW_FOLDER)
@click.option("--name", default="", help="Name of the shop; that of the folder if not given.")
def init(shared: Shared, folder: Path, name: str) -> None:
    """Make an empty shop in DIR."""
    Shop.create(folder, name or folder.resolve().name).close()
    shops.remember(folder, is_demo=False)
    answer(shared, {"shop": folder}, [_("A new shop lies in {folder}.").format(folder=folder)])


@command("demo")
@click.argument("folder", metavar="DIR", type=NEW_FOLDER)
@click.option("--customers", type=click.IntRange(min=1), default=2000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@day_option("--until", "The last day of its past; today if not given.")
def make_demo(shared: Shared, folder: Path, customers: int, seed: int, until: date | None) -> None:
    """Make a believable demo shop in DIR; the same arguments make the same content."""
    meter = Meter()
    made = demo.make(
        folder,
        customers=customers,
        seed=seed,
        until=until,
        progress=lambda done, total: meter.report(done, total, _("Making the demo shop…")),
    )
    lines = [_("A demo shop with {count} customers lies in {folder}.").format(count=customers, folder=folder)]
    answer(shared, {"shop": folder, **made.counts}, lines)


@command("backup")
@click.argument("out", type=NEW_FILE, required=False)
def make_backup(shared: Shared, out: Path | None) -> None:
    """Make a verified backup, in the shop's folder unless OUT is given."""
    with opened(shared) as shop:
        path = backup.by_hand(shop, out)
    answer(shared, {"file": path, "verified": True}, [_("The backup is in {file}.").format(file=path)])


@command("backups")
def list_backups(shared: Shared) -> None:
    """List the backups of the shop, newest first."""
    with opened(shared) as shop:
        found = backup.copies(shop)
    rows = [
        {
            "file": item.path,
            "at": item.at,
            "why": item.why,
            "size": item.size,
            "customers": item.cards,
            "whole": item.is_whole,
            "protected": item.is_protected,
        }
        for item in found
    ]
    lines = [f"{item.at}  {item.why}  {item.path}  {_state(item)}".rstrip() for item in found]
    answer(shared, {"backups": rows}, lines)


@command("restore")
@click.argument("file", metavar="BACKUP", type=NEW_FILE)
@click.argument("folder", metavar="DIR", type=NEW_FOLDER)
def restore_backup(shared: Shared, file: Path, folder: Path) -> None:
    """Put BACKUP into the new folder DIR; one with a password takes that of its time."""
    try:
        restore.into_folder(file, folder, password=password_of(shared), user=shared.user)
    except PasswordNeeded as error:
        raise needed_password(error.users) from error
    words = _("The shop of {file} is now in {folder}.").format(file=file.name, folder=folder)
    answer(shared, {"shop": folder}, [words])


def _state(item: backup.Copy) -> str:
    if not item.is_whole:
        return _("(damaged)")
    return "" if item.is_protected else _("(without password)")


@command("check")
@click.option("--thorough", is_flag=True, help="Look at everything in a large file, too; that takes minutes.")
def check(shared: Shared, thorough: bool) -> None:
    """Check the shop's file, indexes and totals."""
    meter = Meter()
    with opened(shared) as shop:
        found = integrity.check(
            shop,
            thorough=thorough,
            tell=lambda done, total: meter.report(done, total, _("Checking the shop…")),
        )
    lines = [f"{finding.what} {finding.mend}" for finding in found]
    answer(shared, {"ok": not found, "findings": found}, lines or [_("Everything is in order.")])
