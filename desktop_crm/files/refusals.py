"""What a person is told when the reader child refuses a file, or dies or is given up over it.

What a first look says of a file is sniff.py's.
"""

from __future__ import annotations

from pathlib import Path

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files.prescan import too_large
from desktop_crm.files.sniff import (
    Source,
    check_regular,
    damaged,
    locked,
    not_a_table,
    protected,
    unknown_encoding,
)


class ReaderDied(CrmError):
    """The child process was killed by what it read."""


class ReaderTooSlow(CrmError):
    """The child process did not answer in time."""


class QuotesNotClosed(CrmError):
    """A quotation mark in a text file is not closed; going on would merge people."""


class TooUnhandy(CrmError):
    """A row is wider, or a cell longer, than any spreadsheet's."""


class NoSuchSheet(CrmError):
    """The workbook has no sheet of that name."""


def refusal(source: Source, kind: str, detail: str) -> CrmError:
    """The error for what the reader child said, or for how it ended.

    Args:
        kind: as in wire.Refused, or "died" or "slow".
    """
    path = source.path
    if kind == "password":
        return locked(path, asked=bool(source.password))
    plain = {"cipher": protected, "table": not_a_table, "damaged": damaged, "memory": too_large}
    if kind in plain:
        return plain[kind](path)
    if kind == "encoding":
        return unknown_encoding(path, tuple(detail.split(",")))
    if kind == "sheet":
        return NoSuchSheet(
            _("{file} has no sheet “{sheet}”. Choose one of its sheets.").format(file=path.name, sheet=detail)
        )
    if kind == "quotes":
        return QuotesNotClosed(
            _(
                "In {file} a quotation mark in line {line} is not closed, so that rows would run into each other. "
                "Nothing was changed. Mend that line, or save the table as .xlsx and choose that."
            ).format(file=path.name, line=detail)
        )
    if kind in ("wide", "long"):
        return _unhandy(path, kind, detail)
    if kind == "slow":
        return ReaderTooSlow(
            _(
                "{file} takes too long to read and was given up. Nothing was changed. "
                "Copy the rows that you need into a new workbook and choose that."
            ).format(file=path.name)
        )
    check_regular(path)
    return ReaderDied(
        _(
            "{file} made its reader fail; the program itself is unharmed and nothing was changed. "
            "Open it in the spreadsheet program, save it under a new name and choose that."
        ).format(file=path.name)
    )


def _unhandy(path: Path, kind: str, row: str) -> CrmError:
    """The error for a row that no spreadsheet program could hold."""
    words = (
        _(
            "Row {row} of {file} has more columns than a spreadsheet can hold. Nothing was changed. "
            "Mend that row and choose the file again."
        )
        if kind == "wide"
        else _(
            "A cell in row {row} of {file} holds more text than any spreadsheet can. Nothing was changed. "
            "Mend that row and choose the file again."
        )
    )
    return TooUnhandy(words.format(row=row, file=path.name))
