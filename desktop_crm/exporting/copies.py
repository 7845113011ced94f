"""“My data is mine”: everything as one plain database file, and as an archive of files that every program opens.

Neither has a password; the window says so before it writes them. What a table holds is store/plain_copy.py's business.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from desktop_crm import who
from desktop_crm.base.i18n import _
from desktop_crm.exporting import calendar, phone_book
from desktop_crm.exporting.about import Facts, about, facts, lists_told
from desktop_crm.exporting.pace import Pace, Tell
from desktop_crm.exporting.tables import Row, table
from desktop_crm.files.csv_out import fill_csv
from desktop_crm.files.xlsx import ColumnSpec, SheetSpec, fill_table
from desktop_crm.importing.fields import KIND_LABELS, KINDS, Kind
from desktop_crm.shop import Shop
from desktop_crm.store import exports as store
from desktop_crm.store import plain_copy
from desktop_crm.who import EVERYBODY


def fill_database(shop: Shop, place: Path, file: BinaryIO, tell: Tell | None = None) -> int:
    """Write a plain SQLite file of everything into an open file.

    Args:
        place: a folder on the same disk, in which the copy is made first.

    Returns:
        How many rows it has.
    """
    with tempfile.TemporaryDirectory(prefix=".desktop-crm-", dir=place) as folder:
        made = Path(folder) / "copy.db"
        key, hidden = shop.keys.database_key(), shop.db.hidden
        rows = plain_copy.write(shop.folder, key, made, _told(shop), tell, hidden)
        with open(made, "rb") as copy:
            shutil.copyfileobj(copy, file)
    return rows


def _told(shop: Shop) -> Facts:
    """What stands in the table about the file."""
    which = _("Everything; cards in the recycle bin are left out, and sales to them are sales to nobody")
    return [
        *facts(shop, [], which),
        ("*_fen", _("Money, in hundredths of a yuan")),
        ("*_day", _("A day of the shop")),
        ("at, *_at", _("An instant in UTC")),
        ("*_id", _("The id of a row of another table")),
    ]


def fill_archive(shop: Shop, place: Path, file: BinaryIO, tell: Tell | None = None) -> int:
    """Write an archive of everything into an open file: lists as CSV and workbook, phone book, dates, database.

    Args:
        place: a folder on the same disk, in which the database is made first.

    Returns:
        How many rows its lists have.
    """
    everybody = who.clause(shop, EVERYBODY)
    pace = Pace(tell, 2 * sum(store.about(shop.db, kind) for kind in KINDS))
    rows = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for kind in KINDS:
            columns, lines = table(shop, kind, everybody)
            with _member(shop, archive, f"{_(KIND_LABELS[kind])}.csv") as member:
                rows += fill_csv(member, columns, pace.each(lines))
        sheets = [SheetSpec(_(KIND_LABELS[kind]), *_paced(shop, kind, pace)) for kind in KINDS]
        with _member(shop, archive, _("All lists") + ".xlsx", ZIP_STORED) as member:
            fill_table(member, [*sheets, about(shop, lists_told(KINDS), "")])
        with _member(shop, archive, _("Phone book") + ".vcf") as member:
            phone_book.fill(shop, member, everybody, tell=pace.stay)
        with _member(shop, archive, _("Dates") + ".ics") as member:
            calendar.fill(shop, "all", everybody, member, pace.stay)
        with _member(shop, archive, _("Everything") + ".db") as member:
            fill_database(shop, place, member, pace.stay)
        with _member(shop, archive, _("Read me first") + ".txt") as member:
            member.write(_readme(shop, archive.namelist()).encode("utf-8-sig"))
    return rows


def _paced(shop: Shop, kind: Kind, pace: Pace) -> tuple[Sequence[ColumnSpec], Iterable[Row]]:
    columns, rows = table(shop, kind, who.clause(shop, EVERYBODY))
    return columns, pace.each(rows)


@contextmanager
def _member(shop: Shop, archive: ZipFile, name: str, how: int = ZIP_DEFLATED) -> Iterator[BinaryIO]:
    """An open file inside the archive."""
    now = shop.now().astimezone(shop.zone)
    info = ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    info.compress_type = how
    with archive.open(info, "w", force_zip64=True) as member:
        yield cast(BinaryIO, member)


def _readme(shop: Shop, names: Sequence[str]) -> str:
    """What is in the archive, for who opens it in years."""
    what = {
        ".csv": _("one list as text: opens in Excel, WPS and LibreOffice, and can be imported again"),
        ".xlsx": _("the same lists as one workbook, and a sheet that says what it is"),
        ".vcf": _("all customers for the phone book of a phone"),
        ".ics": _("open follow-ups and birthdays for the calendar of a phone"),
        ".db": _(
            "everything, also devices, notes, accounts and answers: a plain SQLite database, see sqlite.org"
        ),
    }
    lines = [_("{label}: {text}").format(label=label, text=text) for label, text in facts(shop, [], "")]
    lines += ["", *(_("{label}: {text}").format(label=name, text=what[Path(name).suffix]) for name in names)]
    lines += [
        "",
        _(
            "None of these files has a password: whoever has them can read them. Keep them where nobody else looks."
        ),
    ]
    return "\r\n".join(lines) + "\r\n"
