"""One raw cell → a clean value or a `Trouble`; pure, and never a guess at digits that a spreadsheet lost.

Days are read in days.py, codes and IMEIs in codes.py; what becomes of a troubled cell is decided in rows.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from desktop_crm.base import i18n
from desktop_crm.base.i18n import _
from desktop_crm.base.values import (
    clean_note,
    digits_lost,
    half_width,
    normal_phone,
    parse_money,
    round_half_up,
    valid_phone,
)
from desktop_crm.files.cells import without_prefix
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing import phone_labels, tag_words
from desktop_crm.importing.codes import code, email, imei
from desktop_crm.importing.damage import damage, lost, refused
from desktop_crm.importing.plain import NOTHING, text_of, unprefixed
from desktop_crm.importing.trouble import Trouble, error_cell
from desktop_crm.importing.words import LABELS, WORDS

Value = Any  # text for most readers, fen or a count for two, "" or None for nothing


def text(cell: Cell) -> str | Trouble:
    """One line of text; words for nothing ("无", "N/A") are nothing."""
    if isinstance(cell, Error):
        return error_cell(cell)
    found = text_of(cell)
    if found.lower() in NOTHING:
        return ""
    damaged = damage(cell) if isinstance(cell, str) else _whole(cell)
    if damaged:
        return damaged._replace(value=found) if damaged.value else damaged
    return _written_out(found)


def _whole(cell: Cell) -> Trouble | None:
    """A number with more digits than a spreadsheet keeps."""
    return lost(f"{cell:.15g}") if isinstance(cell, int | float) and abs(cell) >= 10**15 else None


def _written_out(found: str) -> str | Trouble:
    return lost(found) if "+" in found and digits_lost(found) else found


def note(cell: Cell) -> str | Trouble:
    """Text that may have several lines."""
    if isinstance(cell, Error):
        return error_cell(cell)
    if not isinstance(cell, str):
        return _whole(cell) or text_of(cell)
    plain = cell.isprintable() and cell[:1] not in " '" and cell[-1:] != " "
    found = cell if plain else clean_note(without_prefix(cell))
    damaged = damage(cell)
    return damaged._replace(level="hint", value=found) if damaged and found else found


def phone(cell: Cell) -> str | Trouble:
    """Telephone numbers as stored, several joined by a space, each with what store.matching.number_and_label reads behind it."""
    if type(cell) is float and cell.is_integer():
        cell = int(cell)
    if type(cell) is int:
        number = str(cell)
        if 13_000_000_000 <= cell <= 19_999_999_999:
            return number if cell % 100_000 else _round_number(number)
        return number if valid_phone(number) else _impossible(number)
    if (
        type(cell) is str
        and len(cell) == 11
        and cell.isdecimal()
        and cell.isascii()
        and "12" < cell[:2] < "20"
    ):
        return cell
    if isinstance(cell, Error):
        return error_cell(cell)
    return _phones(text_of(cell))


def _phones(written: str) -> str | Trouble:
    found, labels = phone_labels.put_aside(written)
    plain = re.sub(r"(?<=\d)\.0+$", "", unprefixed(half_width(found)).strip())
    if plain.lower() in NOTHING or not plain.strip("0"):
        return ""
    if digits_lost(plain):
        return lost(plain)
    if damaged := refused(plain):
        return damaged
    if re.search(r"\d,\d+e\+?\d", plain, re.I) or re.fullmatch(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}.*", plain):
        return _impossible(plain)  # a decimal comma; a date
    numbers: dict[str, str] = {}
    wrong: list[str] = []
    for part in re.split(r"[/、;,|\n]|:::|(?<=[\d\s)\x01])[或和]|\s{2,}", plain):
        pieces = re.findall(r"([^\x01]*)(?:\x01(\d+)\x01)?", part) if "\1" in part else [(part, "")]
        for body, place in pieces:
            good, bad = _part(body)
            if place and good:
                good[-1] = _labelled(good[-1], labels[int(place)])
            elif place:
                bad.append(labels[int(place)])
            wrong += bad
            for number in good:
                key, _sign, label = number.partition("x")
                before = numbers.get(key, key)
                wrong += [label.strip("=")] if label and before not in (key, number) else []
                numbers[key] = number if before == key else before
    if not numbers:
        return _impossible(half_width(written))
    kept = " ".join(numbers.values())
    if wrong:
        return Trouble("hint", _no_phone(" / ".join(wrong)), kept, keep=True)
    return _round_number(kept) if re.fullmatch(r"1\d{5}00000", kept) and "." in found else kept


def _labelled(number: str, label: str) -> str:
    """A number as it is staged with one more label."""
    sign = "\xa0" if "=" in number else "=" if "x" in number else "x="
    return number + sign + re.sub(r"\s+", "\xa0", label)


def _part(part: str) -> tuple[list[str], list[str]]:
    """Valid numbers with the words beside them, and what has to be told, of a piece without separators."""
    if not re.search(r"\d", part):
        return [], [part.strip()] if part.strip().lower() not in NOTHING and phone_labels.says(part) else []
    extension = phone_labels.EXTENSION.search(part)
    body = part[: extension.start()] if extension else part
    end = f"x{extension[1]}" if extension else ""
    numbers, labels, left = phone_labels.beside(body, _plain_numbers)
    if not numbers:
        found = re.fullmatch(r"\s*(0\d{2,3}[-\s]?\d{7,8})[-\s]+(\d{1,6})\s*", part)
        if found and valid_phone(normal_phone(found[1])):
            return [f"{normal_phone(found[1])}x{found[2]}"], []
        left = phone_labels.says(body)
        numbers, labels = _plain_numbers(body) if left else [], {}
    if not numbers:
        return [], [part.strip()]
    numbers[-1] += end
    for place, words in labels.items():
        numbers[place] = _labelled(numbers[place], " ".join(words))
    return numbers, [part.strip()] if left else []


def _plain_numbers(body: str) -> list[str]:
    """One number, or several with spaces between; none where any is not valid."""
    whole = normal_phone(body)
    if whole.isascii() and valid_phone(whole):
        return [whole]
    pieces = [normal_phone(piece) for piece in re.findall(r"\+?[\d\-().]+", body)]
    pieces = [piece for piece in pieces if piece.isascii() and piece]
    return pieces if len(pieces) > 1 and all(valid_phone(piece) for piece in pieces) else []


def _round_number(number: str) -> Trouble:
    return Trouble(
        "hint",
        _("The number {number} ends in five zeros; check that no digits were lost.").format(number=number),
        number,
    )


def phone_label(cell: Cell) -> str | Trouble:
    """The kind of a number as address books name it; the usual names say nothing, others are kept in the note."""
    found = text(cell)
    if isinstance(found, Trouble) or re.fullmatch(_USUAL_LABELS, found, re.I):
        return ""
    return Trouble("hint", _("“{text}” was kept in the note.").format(text=found), keep=True)


_USUAL_LABELS = (
    r"|\*?\s*(?:mobile|home|work|main|other|cell|iphone|pager|(?:home|work)\s*fax)"
    r"|手机|手机号码|移动电话|住宅|单位|工作|办公|家庭|家|家里|其他|其它|主要|公司|公司电话|住宅电话"
)


def _no_phone(found: str) -> str:
    return _("Not all of “{text}” is a telephone number; it was kept in the note.").format(text=found)


def _impossible(found: str) -> Trouble:
    digits = len(re.sub(r"\D", "", found))
    if not digits:
        return Trouble("hint", _no_phone(found), keep=True)
    return Trouble(
        "bad",
        _("“{text}” is no telephone number: it has {count} digits.").format(text=found, count=digits),
        "",
    )


_MOST = 10**11
"""Nobody pays so many yuan."""


def money(cell: Cell) -> int | Trouble | None:
    """Fen; None for an empty cell."""
    if type(cell) is int:
        return cell * 100 if abs(cell) < _MOST else lost(str(cell))._replace(value=None)
    if cell is None:
        return None
    if isinstance(cell, Error):
        return error_cell(cell)
    if type(cell) is float:
        return _fen(cell)
    if not isinstance(cell, str):
        return _no_amount(text_of(cell))
    found = half_width(unprefixed(cell)).strip()
    if found.lower() in NOTHING:
        return None
    if digits_lost(found):
        return lost(found)._replace(value=None)
    fen = parse_money(found)
    if fen is None and (damaged := damage(found)):
        return damaged._replace(value=None)
    if fen is None and re.fullmatch(r"-?(?:0|[\d,]+(?=\.\d{4}))\.\d{3,}", found):
        return _fen(float(found.replace(",", "")))
    return _no_amount(found) if fen is None else fen


def _fen(yuan: float) -> int | Trouble:
    if not abs(yuan) < _MOST:
        return lost(f"{yuan:.15g}")._replace(value=None)
    fen = int(round_half_up(yuan * 100, 0))
    if abs(yuan * 100 - fen) < 1e-4:
        return fen
    return Trouble("hint", _("{text} has parts of a fen and was rounded.").format(text=f"{yuan:.15g}"), fen)


def _no_amount(found: str) -> Trouble:
    return Trouble("bad", _("“{text}” is not an amount of money.").format(text=found), None)


def count(cell: Cell) -> int | Trouble | None:
    """A whole number of pieces, times or points; None for an empty cell."""
    if type(cell) is int:
        return cell if abs(cell) < 10**9 else _no_count(str(cell))
    if isinstance(cell, Error):
        return error_cell(cell)
    found = half_width(text_of(cell))
    if found.lower() in NOTHING:
        return None
    whole = re.fullmatch(
        r"(-?(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2}))(?:\.0+)?\s*(?:台|件|个|部|张|次|套|条|只|单|笔|分|点|积分|pcs?|pts?|points?)?",
        found, re.I,
    )  # fmt: skip
    return int(whole[1].replace(",", "")) if whole else _no_count(found)


def _no_count(found: str) -> Trouble:
    damaged = damage(found)
    told = _("“{text}” is not a number of pieces.").format(text=found)
    return damaged._replace(value=None) if damaged else Trouble("bad", told, None)


def tags(cell: Cell) -> str | Trouble:
    """Tags joined by a line break, each once."""
    found = note(cell)
    return found if isinstance(found, Trouble) or not found else "\n".join(tag_words.split(found))


@cache
def _table(name: str) -> dict[str, str]:
    """What people write → the stored word; our own exports' words count in every language."""
    found = {word: value for value, words in WORDS[name].items() for word in words.split("|")}
    found |= {value: value for value in WORDS[name] if value}
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            found |= {_plain_word(_(label)): value for value, label in LABELS.get(name, {}).items()}
    return found


def shown_words(name: str, value: str) -> set[str]:
    """What a stored word is called in every language."""
    found = set()
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            found.add(_(LABELS[name].get(value, value)))
    return found


def _plain_word(written: str) -> str:
    return re.sub(r"[\s.]", "", half_width(written).lower())


def _choice(name: str) -> Callable[[Cell], str | Trouble]:
    def read(cell: Cell) -> str | Trouble:
        if isinstance(cell, Error):
            return error_cell(cell)
        found = str(cell).lower() if isinstance(cell, bool) else text_of(cell)
        known = _table(name).get(_plain_word(found))
        if known is not None:
            return known
        if found.lower() in NOTHING:
            return ""
        if isinstance(cell, str) and (damaged := refused(cell)):
            return damaged
        return Trouble(
            "hint",
            _("“{text}” is not one of the known words and was kept in the note.").format(text=found),
            keep=True,
        )

    read.__doc__ = f"The stored word for what people write for {name}; unknown words are told."
    return read


_OWED = re.compile(
    r"(?:尚欠|还欠|欠款?|赊[账欠]?|挂账|on account|owe[sd]?)[:\s]*[¥￥]?\s*(\d[\d,]*(?:\.\d{1,2})?)元?", re.I
)


def pay(cell: Cell) -> str | Trouble:
    """The way of paying; "account" and fen where only that part is owed: 欠款2000, 现金10000 欠2000."""
    found = half_width(cell).strip() if isinstance(cell, str) else ""
    owed = next(iter(_OWED.finditer(found)), None)
    if owed is None or owed.end() < len(found):
        return _choice("pay")(cell)
    ways = re.split(r"[\s,、;+]+", re.sub(r"[\d.¥￥元]", "", found[: owed.start()]).strip(" ,、;+"))
    if any(way and _plain_word(way) not in _table("pay") for way in ways):
        return _choice("pay")(cell)
    part = f"account {parse_money(owed[1])}"
    if not any(ways):
        return part
    told = _(
        "“{text}” names several ways of paying; what is not owed was taken as other, and the note keeps the words."
    )
    return Trouble("hint", told.format(text=found), part, keep=True)


def answer(cell: Cell) -> str | Trouble:
    """What was answered for one channel, with its day where one stands behind it: granted 2026-03-01."""
    if not isinstance(cell, str):
        return _choice("consent")(cell)
    found = re.fullmatch(r"(.*?)\s*(\d{4}-\d{2}-\d{2})?", text_of(cell))
    assert found is not None
    word = _choice("consent")(found[1])
    if isinstance(word, Trouble):
        return word
    return f"{word} {found[2]}" if word and found[2] else word


READERS: Mapping[str, Callable[[Cell], Value]] = {
    "text": text,
    "email": email,
    "answer": answer,
    "note": note,
    "phone": phone,
    "phone_label": phone_label,
    "code": code,
    "imei": imei,
    "money": money,
    "count": count,
    "tags": tags,
} | {name: pay if name == "pay" else _choice(name) for name in WORDS}
"""How the cells of each kind of column are read; days have a reader of their own (days.DayReader)."""
