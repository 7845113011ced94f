"""The words a card is found by: which tokens its document in the search index holds, and which a typed word asks for.

Every token is looked up whole, never as a prefix: prefix indexes would cost FTS5 four more lists for each token.
What may be asked is therefore written out: each character and pair of a Chinese name, each beginning of its pinyin
from every syllable on, each three and four digits in a row of a number. A longer part is asked for as several tokens
at once, and who reads the cards (search.py) makes sure that it stands there in one piece. Keeping the index is
store/search.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any

from desktop_crm.base.pinyin import has_han, readings, squash

WHOLE = "§"
"""Before a whole name, a surname, their pinyin, initials, and whole ids: these are found before mere parts."""

TAIL = "¤"
"""Before the last four digits of a phone number, so that these are found before any other place."""

SERIAL_TAIL = "¥"
"""Before the last four, five and six characters of an IMEI or serial number."""

SERIAL_HEAD = "¦"
"""Before the first eight characters of an IMEI or serial number: for an IMEI, its type allocation code."""

INNER = "·"
"""Before four characters in a row from anywhere in an id or a Latin name: apart from pinyin, whose lists are long."""

NOTE, TAG, FIELD = "¶", "†", "‡"
"""Before the words of notes, of tags, and (with the field's key between two of them) of own fields."""

LONGEST = 32
"""Words of a query are cut there."""

_BEGINNING = 12
"""Letters of pinyin or of a Latin word that are looked up; what follows is read on the card."""

_GRAM = 4
_BETWEEN_INNER = " " + INNER
_RUNS = re.compile(r"[0-9a-z]+|[^0-9a-z]")
_LATIN = re.compile(r"[0-9a-z]+")


def document(
    name: str,
    ids: Iterable[str],
    numbers: Sequence[str],
    serials: Iterable[str],
    texts: Iterable[tuple[str, str]],
) -> str:
    """Everything a customer is found by.

    Args:
        ids: WeChat id and card number. numbers: phone numbers. serials: IMEIs and serial numbers.
        texts: (NOTE, TAG or `field_mark`, the words).
    """
    found = [name_tokens(name)]
    for number in numbers:
        digits = number[1:] if number[:1] == "+" else number
        found.append(TAIL + digits[-4:])
        found += _cut(len(digits), 3, 4)(digits)
    for each in ids:
        if each and each not in numbers:
            plain = each.replace("_", "")
            plain = plain.lower() if plain.isascii() and plain.isalnum() else squash(each)
            found += (WHOLE + plain[:LONGEST], plain[:1], plain[:2], plain[:3])
            if len(plain) >= _GRAM:
                found.append(_inner(plain))
    for each in serials:
        serial = squash(each)
        found += [serial, SERIAL_HEAD + serial[:8], *(SERIAL_TAIL + serial[-size:] for size in (4, 5, 6))]
    for mark, text in texts:
        found.append(text_tokens(mark, text))
    return " ".join(found)


def documents(hanging: Iterable[Sequence[Any]], cards: Iterable[Sequence[Any]]) -> Iterator[tuple[int, str]]:
    """Id and tokens of many customers.

    Args:
        hanging: (customer_id, kind, text): "phone", "serial", "code", or the mark of a text.
        cards: (id, name, wechat, card_no, note, preferences).
    """
    numbers: dict[int, list[str]] = {}
    held: dict[int, list[str]] = {}
    codes: dict[int, list[str]] = {}
    written: dict[int, list[tuple[str, str]]] = {}
    for customer_id, kind, text in hanging:
        if kind == "phone":
            numbers.setdefault(customer_id, []).append(text)
        elif kind == "serial":
            held.setdefault(customer_id, []).extend(text.split())
        elif kind == "code":
            codes.setdefault(customer_id, []).extend(text.split())
        else:
            written.setdefault(customer_id, []).append((kind, text))
    for customer_id, name, wechat, card_no, note, preferences in cards:
        said = written.get(customer_id, ())
        if note or preferences:
            said = [*said, *((NOTE, text) for text in (note, preferences) if text)]
        ids = (wechat, card_no, *codes.get(customer_id, ()))
        yield customer_id, document(name, ids, numbers.get(customer_id, ()), held.get(customer_id, ()), said)


def field_mark(field_id: int) -> str:
    """What stands before the words of an own field."""
    return f"{FIELD}{field_id}{FIELD}"


@lru_cache(maxsize=50_000)
def name_tokens(name: str) -> str:
    """Kept, because in a large shop most names occur many times."""
    plain = squash(name)
    found = {WHOLE + plain[:LONGEST]: None}
    if not has_han(plain):
        _add_latin(found, name, plain)
        return " ".join(found)
    found[WHOLE + plain[0]] = None
    found.update(dict.fromkeys(plain))
    found.update(dict.fromkeys(_windows(plain, 2)))
    for reading in readings(plain[:LONGEST]):
        initials, full = "".join([syllable[0] for syllable in reading]), "".join(reading)
        said = [reading[0] + initials[1:], initials[0] + full[len(reading[0]) :]]  # wangjg, wjianguo
        place = 0
        for start, syllable in enumerate(reading):
            said += (full[place : place + _BEGINNING], initials[start : start + _BEGINNING])
            place += len(syllable)
        found.update(
            dict.fromkeys([each[:size] for each in said for size in range(1, min(len(each), _BEGINNING) + 1)])
        )
        for whole in (reading[0], initials, full):
            found[WHOLE + whole[:LONGEST]] = None
    return " ".join(found)


@lru_cache(maxsize=5_000)
def text_tokens(mark: str, text: str) -> str:
    """The words of a note, tag or own field; kept, because tags and choices occur many times."""
    plain = squash(text)
    found = {WHOLE + mark + plain[:LONGEST]: None}
    runs = _RUNS.findall(plain)
    for run in (*runs, *_LATIN.findall(text.lower())):
        for beginning in _beginnings(run):
            found[mark + beginning] = None
    for run, after in pairwise(runs):
        found[mark + run[-1] + after[0]] = None
    return " ".join(found)


def words(text: str) -> list[str]:
    """The words of a query as the index has them; those without letter or digit are left out."""
    return [word[:LONGEST] for word in map(squash, text.split()) if word]


def part(word: str) -> str:
    """The FTS5 query for a word that is part of anything; cards that match must still be read."""
    if has_han(word):
        return _all(_windows(word, 2) if len(word) > 1 else [word])
    pieces = _pieces(word)
    ways = [_all(pieces)] if word.isdigit() else [f'"{word[:_BEGINNING]}"']
    if len(word) >= _GRAM:
        ways.append(_all([INNER + piece for piece in pieces]))
    return _any(ways + _serial(word))


def whole(word: str) -> str:
    """The FTS5 query for a whole name, surname, pinyin, initials, id or serial number, or the end of the latter."""
    return _any([f'"{WHOLE}{word}"', *_serial(word)])


def tail(word: str) -> str:
    """The FTS5 query for phone numbers that end with `word`, four digits or more; they must still be read."""
    return _all([TAIL + word[-4:], *(_pieces(word) if len(word) > _GRAM else ())])


def text_part(mark: str, word: str) -> str:
    """The FTS5 query for a word that is part of a text; cards that match must still be read."""
    runs = _RUNS.findall(word)
    found = [mark + run[-1] + after[0] for run, after in pairwise(runs)]
    found += [mark + run[:_BEGINNING] for run in (runs[1:] or runs) if len(run) > 1 or not found]
    return _all(found)


def text_whole(mark: str, word: str) -> str:
    """The FTS5 query for a text that is `word` and nothing else."""
    return f'"{WHOLE}{mark}{word}"'


def _serial(word: str) -> list[str]:
    """Ways in which a word may be meant as an IMEI or serial number: the whole, the end, the beginning."""
    if len(word) < _GRAM or not word.isascii() or not any(c.isdigit() for c in word):
        return []
    ways = [f'"{SERIAL_TAIL}{word[-6:]}"']
    if len(word) >= 8:
        ways += [f'"{word}"', f'"{SERIAL_HEAD}{word[:8]}"']
    return ways


def _all(tokens: Sequence[str]) -> str:
    asked = " AND ".join(f'"{token}"' for token in dict.fromkeys(tokens))
    return f"({asked})" if len(tokens) > 1 else asked


def _any(ways: Sequence[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(ways))})" if len(ways) > 1 else ways[0]


def _windows(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(len(text) - size + 1)]


def _pieces(word: str) -> list[str]:
    """Four characters in a row each, enough to leave few cards to be read; of a long word its end, which is rarest."""
    if len(word) <= _GRAM:
        return [word]
    if len(word) < 2 * _GRAM:
        return [word[:_GRAM], word[-_GRAM:]]
    return [word[-_GRAM:], word[-2 * _GRAM + 1 : -_GRAM + 1]]


def _beginnings(text: str) -> list[str]:
    return [text[:size] for size in range(1, min(len(text), _BEGINNING) + 1)]


def _inner(plain: str) -> str:
    """Any four characters in a row of a text that has four, as tokens."""
    part = plain[: 3 * LONGEST]
    return INNER + _BETWEEN_INNER.join(_cut(len(part), _GRAM)(part))


@cache
def _cut(length: int, *sizes: int) -> Callable[[str], Sequence[str]]:
    """What gives all parts of these sizes of a text of this length, at least one of the smallest; quick for many."""
    places = [slice(at, at + size) for size in sizes for at in range(length - size + 1)]
    get = itemgetter(*(places or [slice(0, length)]))
    return get if len(places) > 1 else lambda text: (get(text),)


def _add_latin(found: dict[str, None], name: str, plain: str) -> None:
    parts = words(name)
    for start in range(len(parts)):
        found.update(dict.fromkeys(_beginnings("".join(parts[start:]))))
    if len(plain) >= _GRAM:
        found[_inner(plain)] = None
    if len(parts) > 1:
        initials = "".join(each[0] for each in parts)
        found.update(dict.fromkeys(_beginnings(initials)))
        found.update(dict.fromkeys(WHOLE + each for each in (*parts, initials)))
