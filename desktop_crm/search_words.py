"""What was typed into the search box, read into words: plain ones, and ones behind a prefix such as “备注:”.

What they find is search.py's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from desktop_crm.base.i18n import N_, _
from desktop_crm.base.pinyin import squash
from desktop_crm.base.values import half_width, normal_phone
from desktop_crm.shop import Shop
from desktop_crm.store import custom_fields as store_fields
from desktop_crm.store import search_tokens as tokens

PREFIXES = ((N_("note"), tokens.NOTE), (N_("tag"), tokens.TAG))
"""The prefixes that every shop has, and what the words behind them are looked for in."""

_ALSO = {"备注": tokens.NOTE, "标签": tokens.TAG, "notes": tokens.NOTE, "tags": tokens.TAG}
_YES = frozenset(("1", "是", "有", "对", "yes", "y", "true"))
_NO = frozenset(("0", "否", "无", "没有", "不", "no", "n", "false"))


@dataclass(frozen=True)
class Word:
    """One word of a query.

    Attributes:
        text: squashed, never empty.
        mark: '' for a plain word, else where it is looked for, as store/search_tokens.py marks it.
        title: the prefix in the person's words, ''.
        value: the stored value that an own field must have; None where any part of it will do.
        shown: that value in words.
    """

    text: str
    mark: str = ""
    title: str = ""
    value: str | None = None
    shown: str = ""

    @property
    def is_tail(self) -> bool:
        """Whether a phone number may end with it: four digits or more."""
        return not self.mark and len(self.text) >= 4 and self.text.isdigit()

    @property
    def is_short(self) -> bool:
        """Whether it is one or two digits, which nearly everybody's number has."""
        return not self.mark and len(self.text) <= 2 and self.text.isdigit()


def prefixes(shop: Shop) -> list[str]:
    """The words that may stand before a colon, in the reader's language; the shop's own fields last."""
    return [*(_(name) for name, _mark in PREFIXES), *(f.name for f in store_fields.listing(shop.db, True))]


def readings(shop: Shop, text: str) -> Iterator[list[Word]]:
    """The ways to read a query, the likeliest first; a way without words finds nobody.

    A phone number in groups is tried as one first, an IMEI with its version last.
    """
    words = _words(shop, text)
    if not words:
        return
    if re.fullmatch(r"[\d\s()+-]+", half_width(text)):
        joined = normal_phone(text).lstrip("+")
        if len(joined) >= 7 and [joined] != [word.text for word in words]:
            yield [Word(joined[: tokens.LONGEST])]
    yield words
    if len(words) == 1 and re.fullmatch(r"\d{16}", words[0].text):
        # 3GPP TS 23.003: an IMEISV is the IMEI without its check digit, and a version
        yield [Word(words[0].text[:14])]


def is_asked_nothing(shop: Shop, text: str) -> bool:
    """Whether only a prefix stands there yet, with nothing behind it."""
    return ":" in half_width(text) and not _words(shop, text)


def _words(shop: Shop, text: str) -> list[Word]:
    plain = unicodedata.normalize("NFKC", text)
    if ":" not in plain:
        return [Word(each) for each in tokens.words(plain)]
    known = _known(shop)
    found = []
    for piece in re.sub(r"\s*:\s*", ":", plain).split():
        head, colon, rest = piece.partition(":")
        kind = known.get(squash(head)) if colon else None
        if kind is None:
            found += [Word(each) for each in tokens.words(piece)]
        else:
            found += [_behind(*kind, each, rest) for each in tokens.words(rest)]
    return found


def _known(shop: Shop) -> dict[str, tuple[str, str, str]]:
    """(mark, title, kind of field) by squashed prefix."""
    known = {name: (mark, name, "text") for name, mark in _ALSO.items()}
    for name, mark in PREFIXES:
        known[name] = (mark, name, "text")
        known[squash(_(name))] = (mark, _(name), "text")
    for field in store_fields.listing(shop.db, True):
        known[squash(field.name)] = (tokens.field_mark(field.id), field.name, field.kind)
    return known


def _behind(mark: str, title: str, kind: str, word: str, typed: str) -> Word:
    """A word behind a prefix; yes, no and numbers are the whole value."""
    if kind == "yes_no" and word in _YES | _NO:
        value, shown = ("1", _("Yes")) if word in _YES else ("0", _("No"))
        return Word(value, mark, title, value, shown)
    if kind == "number":
        try:
            value = format(Decimal(typed).normalize(), "f")
        except InvalidOperation:
            return Word(word, mark, title)
        return Word(squash(value) or word, mark, title, value, value)
    return Word(word, mark, title)
