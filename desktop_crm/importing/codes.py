"""Cells that hold keys: card numbers, ids of other programs, IMEIs and serials; exactly as written, or told.

Which field is read how stands in fields.py; the other readers are in cleaning.py.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from desktop_crm.base.i18n import _
from desktop_crm.base.values import digits_lost, half_width, normal_imei, valid_imei
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing.damage import damage, lost
from desktop_crm.importing.plain import NOTHING, text_of, unprefixed
from desktop_crm.importing.trouble import Trouble, error_cell

_DIGITS_KEPT = 15
"""So many digits of a number a spreadsheet keeps."""
_MERGING = re.compile(r"[/、,;，；\n]+|(?<=[\d\s])(?=(?:imei|meid)\s*\d?\s*:)", re.I)
_SERIAL = re.compile(r"[A-Z0-9]{4,24}")
_REMARK = re.compile(r"\([^()]*\)")


def code(cell: Cell) -> str | Trouble:
    """A card number or other key: as written, in half width like those that are typed; a number that lost digits is refused."""
    if type(cell) is str and len(cell) > 4 and cell.isascii() and (cell.isalnum() or cell.isidentifier()):
        if len(cell) > _DIGITS_KEPT + 1 and cell.isdecimal() and not int(cell[_DIGITS_KEPT:]):
            return _round(cell)
        return (
            cell  # most of them; longer than any word for nothing, and without a sign of scientific notation
        )
    if isinstance(cell, Error):
        return error_cell(cell)
    if isinstance(cell, int | float) and abs(cell) >= 10**_DIGITS_KEPT:
        return lost(f"{cell:.15g}" if isinstance(cell, float) else str(cell))
    found = text_of(cell)
    if isinstance(cell, str):
        if damaged := damage(cell):
            return damaged
        found = re.sub(r"(?<=\d)\.0+$", "", half_width(unprefixed(found)))
    if "+" in found and digits_lost(found):
        return lost(found)
    return "" if found.lower() in NOTHING else found


def _round(number: str) -> Trouble:
    told = _("The number {number} ends in zeros where spreadsheets lose digits; check that none were lost.")
    return Trouble("hint", told.format(number=number), number)


def imei(cell: Cell) -> str | Trouble:
    """One IMEI or serial, several joined by a space; a wrong check digit is told, not refused."""
    if type(cell) is int and len(str(cell)) == 15:
        return str(cell) if valid_imei(str(cell)) else _odd_imei(str(cell))
    if isinstance(cell, bool | date | time | timedelta):
        return _no_imei(text_of(cell))
    found = code(cell)
    if isinstance(found, Trouble) and found.level == "bad":
        return found._replace(value="")
    if not found:
        return ""
    written = found.value if isinstance(found, Trouble) else found
    if digits_lost(written):
        return lost(written)
    kept, wrong = _serials(half_width(written))
    if wrong:
        return _no_imei(" / ".join(wrong), " ".join(kept))
    odd = [part for part in kept if not (valid_imei(part) or re.search(r"[A-Z]", part))]
    if odd:
        return _odd_imei(" ".join(odd))._replace(value=" ".join(kept))
    return found if isinstance(found, Trouble) else " ".join(kept)


def _serials(written: str) -> tuple[list[str], list[str]]:
    """The IMEIs and serials of a cell, and the pieces that are none."""
    kept: list[str] = []
    wrong: list[str] = []
    for part in _MERGING.split(written):
        plain = _REMARK.sub("", part).strip()
        pieces = plain.split()
        each_whole = len(pieces) > 1 and all(re.fullmatch(r"\d{14,16}", piece) for piece in pieces)
        for piece in pieces if each_whole else [plain]:
            number = normal_imei(piece)
            if not number.strip("0"):
                continue  # what programs write for none
            (kept if _SERIAL.fullmatch(number) else wrong).append(number)
    return list(dict.fromkeys(kept)), wrong


def _no_imei(found: str, kept: str = "") -> Trouble:
    told = _("Not all of “{text}” is an IMEI or a serial number; it was kept in the note.")
    return Trouble("hint", told.format(text=found), kept, keep=True)


def _odd_imei(found: str) -> Trouble:
    return Trouble(
        "hint",
        _("The check digit of the IMEI {imei} does not fit; compare it with the phone.").format(imei=found),
        found,
    )


_EMAIL = re.compile(r"[^@\s,;:<>]+@[^@\s,;<>]+\.[^@\s,;.<>]+")


def email(cell: Cell) -> str | Trouble:
    """One e-mail address; further ones, and what is none, become a line of the note."""
    if type(cell) is str and cell.isascii() and _EMAIL.fullmatch(cell):
        return cell
    found = code(cell)
    if isinstance(found, Trouble) or not found:
        return found._replace(value="") if isinstance(found, Trouble) else ""
    first, *others = re.split(r":::|[\s;,、/]+", found.removeprefix("mailto:").strip("<>"))
    if _EMAIL.fullmatch(first) and not others:
        return first
    told = _("Not all of “{text}” is one e-mail address; it was kept in the note.").format(text=found)
    return Trouble("hint", told, first if _EMAIL.fullmatch(first) else "", keep=True)
