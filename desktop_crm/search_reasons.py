"""Why a card matched a word: in words, and where in the name or number, so that it can be shown marked.

The index may answer with a card that has the pieces of a word, but not in one place: such a card has no reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from desktop_crm.base.i18n import _
from desktop_crm.base.pinyin import has_han, readings, squash, syllables
from desktop_crm.search_words import Word
from desktop_crm.store import search_tokens as tokens
from desktop_crm.store.search import Found

_AROUND = 8
"""Characters of a note shown before and behind what was found."""


class Reason(NamedTuple):
    """Why one word matched.

    Attributes:
        words: in words.
        place: where what matched stands: "name", "phone", "words" (these), or '' for nowhere in particular.
        number: which of the numbers, from 0.
        start / size: the characters of the name or number that matched; size 0 for none in particular.
    """

    words: str
    place: str = ""
    number: int = 0
    start: int = 0
    size: int = 0


def of_card(found: Found, word: Word, *, hides: bool = False) -> Reason | None:
    """Why a plain word matched by what stands on the card itself, or None.

    Args:
        hides: for somebody who may not see phone numbers; a number then matches whole, or by what of it is shown: its
            first three digits and its last four. Otherwise a few dozen guesses would tell the rest of it.
    """
    text = word.text
    numbers = found.numbers.split()
    if text.isdigit():
        for end in (True, False):
            for place, number in enumerate(numbers):
                if hides and not _is_shown(number, text, end=end):
                    continue
                reason = _in_number(number, text, place, end)
                if reason is not None:
                    return reason
    reason = _in_name(found.name, text)
    if reason is not None:
        return reason
    if text in squash(found.card_no):
        return Reason(_("card no. {number}").format(number=found.card_no))
    if text in squash(found.wechat):
        return Reason(_("WeChat {id}").format(id=found.wechat))
    return None


def of_serials(held: Iterable[str], word: Word) -> Reason | None:
    """Why a plain word matched by IMEIs and serial numbers, the newest first, or None."""
    for serial in held:
        plain = squash(serial)
        if plain.endswith(word.text) or plain.startswith(word.text):
            kind = _("IMEI …{tail}") if plain.isdigit() else _("serial no. …{tail}")
            return Reason(kind.format(tail=serial[-4:]))
    return None


def of_code(code: str, word: Word) -> Reason | None:
    """Why a plain word matched by an id of a card that went into this one, or None."""
    return Reason(_("formerly {id}").format(id=code)) if word.text in squash(code) else None


def of_texts(written: Iterable[str], word: Word) -> Reason | None:
    """Why a word behind a prefix matched by these texts, or None."""
    for text in written:
        if word.value is not None:
            if text == word.value:
                return Reason(f"{word.title} {word.shown}")
            continue
        begin = text.lower().find(word.text)
        end = begin + len(word.text)
        at = squash(text).find(word.text) if begin < 0 else -1
        if at >= 0:
            places = _places(text)
            begin, end = places[at], places[at + len(word.text) - 1] + 1
        if begin >= 0:
            title = "" if word.mark == tokens.NOTE else f"{word.title} "
            words, start = _excerpt(text, begin, end)
            return Reason(title + words, "words", 0, len(title) + start, end - begin)
    return None


def _is_shown(number: str, text: str, *, end: bool) -> bool:
    digits = number.lstrip("+")
    if len(text) >= len(digits.removeprefix("86")):
        return True
    return len(text) <= 4 if end else len(text) <= 3 and digits.startswith(text)


def _in_number(number: str, text: str, place: int, end: bool) -> Reason | None:
    digits = number.lstrip("+")
    if end and len(text) >= 4 and digits.endswith(text):
        words = _("phone …{tail}").format(tail=number[-4:])
        return Reason(words, "phone", place, len(number) - len(text), len(text))
    at = -1 if end else number.find(text)
    if at < 0:
        return None
    return Reason(_("{digits} in the phone number").format(digits=text), "phone", place, at, len(text))


def _in_name(name: str, text: str) -> Reason | None:
    at = squash(name).find(text)
    if at >= 0:
        places = _places(name)
        begin = places[at]
        return Reason(_("name"), "name", 0, begin, places[at + len(text) - 1] + 1 - begin)
    if not text.isascii():
        return None
    if not has_han(name):
        parts = tokens.words(name)
        fits = len(parts) > 1 and "".join(each[0] for each in parts).startswith(text)
        return Reason(_("initials"), "name") if fits else None
    read = _syllables_read(name, text)
    if read is None:
        return None
    start, count, is_pinyin = read
    offsets = _offsets(name)
    places = _places(name)
    begin = places[offsets[start]]
    last = places[offsets[start + count] - 1] + 1
    return Reason(_("pinyin") if is_pinyin else _("initials"), "name", 0, begin, last - begin)


@lru_cache(maxsize=2_000)
def _ways(name: str) -> list[tuple[str, ...]]:
    return readings(squash(name))


def _syllables_read(name: str, word: str) -> tuple[int, int, bool] | None:
    """(first syllable, how many, whether read in full) of a Chinese name that a word reads, or None."""
    mixed = None
    for reading in _ways(name) if has_han(name) else ():
        for start in range(len(reading)):
            if reading[start][0] != word[0]:
                continue
            if "".join(reading[start:]).startswith(word):
                return start, _count(reading[start:], len(word)), True
            if mixed is None:
                count = _begun(reading[start:], word)
                mixed = None if count is None else (start, count, False)
    return mixed


def _count(syllables_: Sequence[str], letters: int) -> int:
    """How many syllables so many letters reach into."""
    count = 0
    while letters > 0:
        letters -= len(syllables_[count])
        count += 1
    return count


def _begun(syllables_: tuple[str, ...], word: str) -> int | None:
    """How many syllables a word of their beginnings uses up, or None where it is none."""
    if not word:
        return 0
    if not syllables_:
        return None
    first = syllables_[0]
    for size in range(min(len(first), len(word)), 0, -1):
        if word.startswith(first[:size]):
            rest = _begun(syllables_[1:], word[size:])
            if rest is not None:
                return rest + 1
    return None


def _offsets(name: str) -> list[int]:
    """Where each syllable of a squashed name begins, and the end."""
    found = [0]
    for part in syllables(squash(name)):
        found.append(found[-1] + len(part))
    return found


def _places(text: str) -> Sequence[int]:
    """For each squashed character, which character of the text it comes from."""
    if len(squash(text)) == len(text):
        return range(len(text))
    return [at for at, character in enumerate(text) for _plain in squash(character)]


def _excerpt(text: str, begin: int, end: int) -> tuple[str, int]:
    """What was found with a few characters around it, on one line, and where it begins there."""
    low, high = max(0, begin - _AROUND), min(len(text), end + _AROUND)
    cut = "…" if low else ""
    inner = re.sub(r"\s", " ", text[low:high])
    return cut + inner + ("…" if high < len(text) else ""), len(cut) + begin - low
