"""One box: phone tail, IMEI tail, name, pinyin, initials, WeChat, card number; ranking, and why it matched.

The index and its queries are in store/search.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop_crm.base.i18n import _
from desktop_crm.base.pinyin import has_han, readings, squash
from desktop_crm.base.values import normal_phone
from desktop_crm.shop import Shop
from desktop_crm.store import search as store
from desktop_crm.store.search import Found

_LOOKED_AT = 200
"""So many of the newest matches of a rank compete for being shown; who was here lately wins."""


@dataclass(frozen=True)
class Hit:
    """One customer that matched.

    Attributes:
        phones: numbers as stored, primary first.
        tier: '' where none was derived yet.
        matched: why, in words.
        last_visit_day: the latest purchase or contact the customer began, or None.
    """

    customer_id: int
    name: str
    phones: tuple[str, ...]
    tier: str
    matched: str
    last_visit_day: str | None


@dataclass(frozen=True)
class SearchResult:
    """What a search found: `hits` best first; `more`: others matched, too."""

    query: str
    hits: tuple[Hit, ...]
    more: bool


def find(shop: Shop, text: str, limit: int = 50) -> SearchResult:
    """The customers that match every word of `text`.

    First come those whose phone number ends with the digits typed, then whole names and other tails, then any part;
    among the newest cards of each rank, who was here lately. An empty text finds nobody.
    """
    with shop.reading():
        for words in _ways_to_read(text):
            ids, more = _ranked(shop, _queries(words), limit)
            if ids:
                return SearchResult(text, _hits(shop, ids, words), more)
        words = store.words(text)
        if len(words) == 1 and words[0].isascii() and words[0].isalpha():
            return SearchResult(text, _mixed_pinyin(shop, words[0], limit), False)
    return SearchResult(text, (), False)


def rebuild(shop: Shop) -> None:
    """Index every card anew; mends what an integrity check finds missing from the search."""
    with shop.upkeep():
        store.mark_all(shop.db)


def _ways_to_read(text: str) -> Iterator[list[str]]:
    """The words of a query; a phone number in groups is tried as one first, an IMEI with its version last."""
    words = store.words(text)
    if not words:
        return
    if re.fullmatch(r"[\d\s()+-]+", text):
        joined = normal_phone(text).lstrip("+")
        if [joined] != words and len(joined) >= 7:
            yield [joined]
    yield words
    if len(words) == 1 and re.fullmatch(r"\d{16}", words[0]):
        yield [words[0][:14]]  # 3GPP TS 23.003: an IMEISV is the IMEI without its check digit, and a version


def _queries(words: Sequence[str]) -> list[str]:
    """FTS5 queries for the words, the strictest first."""
    levels = []
    if any(_is_tail(word) for word in words):
        levels.append([store.tail(word) if _is_tail(word) else store.part(word) for word in words])
    levels.append([store.whole(word) for word in words])
    levels.append([store.part(word) for word in words])
    return list(dict.fromkeys(" AND ".join(level) for level in levels))


def _ranked(shop: Shop, queries: Sequence[str], limit: int) -> tuple[list[int], bool]:
    """Ids of the best, and whether there were more."""
    ranked: dict[int, None] = {}
    for query in queries:
        ids = [each for each in store.newest_matches(shop.db, query, _LOOKED_AT) if each not in ranked]
        if len(ids) > 1:
            visits = store.last_visits(shop.db, ids)
            ids.sort(key=lambda each: visits.get(each, ""), reverse=True)
        ranked.update(dict.fromkeys(ids))
        if len(ranked) > limit:
            return list(ranked)[:limit], True
    return list(ranked), False


def _hits(shop: Shop, ids: Sequence[int], words: Sequence[str]) -> tuple[Hit, ...]:
    known = {each.id: each for each in store.found(shop.db, ids)}
    return tuple(_hit(known[each], words) for each in ids if each in known)


def _hit(found: Found, words: Sequence[str]) -> Hit:
    reasons = dict.fromkeys(_reason(found, word) for word in words)
    matched = " · ".join(reason for reason in reasons if reason)
    numbers = tuple(found.numbers.split())
    return Hit(found.id, found.name, numbers, found.tier, matched, found.last_visit_day)


def _reason(found: Found, word: str) -> str:
    """Why one word matched, in words."""
    numbers, imeis = found.numbers.split(), found.imeis.split()
    for number in numbers:
        if number.endswith(word) and len(word) >= 4:
            return _("phone …{tail}").format(tail=number[-4:])
    if any(word in number for number in numbers):
        return _("{digits} in the phone number").format(digits=word)
    if word in squash(found.name):
        return _("name")
    for imei in imeis:
        if squash(imei).startswith(word) or squash(imei).endswith(word):
            return _("IMEI …{tail}").format(tail=imei[-4:])
    if word in squash(found.card_no):
        return _("card no. {number}").format(number=found.card_no)
    if word in squash(found.wechat):
        return _("WeChat {id}").format(id=found.wechat)
    if has_han(found.name) and not any(
        "".join(reading[start:]).startswith(word)
        for reading in readings(squash(found.name))
        for start in range(len(reading))
    ):
        return _("initials")
    return _("pinyin") if has_han(found.name) else _("initials")


def _is_tail(word: str) -> bool:
    return len(word) >= 4 and word.isdigit()


def _mixed_pinyin(shop: Shop, word: str, limit: int) -> tuple[Hit, ...]:
    """Names typed as pinyin and initials mixed (wangjg, wjianguo): split in two, then every hit is read again."""
    ids: dict[int, None] = {}
    for place in range(1, len(word)):
        query = f"{store.part(word[:place])} AND {store.part(word[place:])}"
        ids.update(dict.fromkeys(store.newest_matches(shop.db, query, limit)))
    names = store.names(shop.db, list(ids))
    meant = [each for each in ids if _reads_as(names.get(each, ""), word)]
    return _hits(shop, meant[:limit], [word])


def _reads_as(name: str, word: str) -> bool:
    """Whether the word is made of beginnings of the name's syllables, in order, none left out."""
    return has_han(name) and any(
        _begins(reading[start:], word) for reading in readings(squash(name)) for start in range(len(reading))
    )


def _begins(syllables: tuple[str, ...], word: str) -> bool:
    if not word:
        return True
    if not syllables:
        return False
    first = syllables[0]
    return any(
        word.startswith(first[:size]) and _begins(syllables[1:], word[size:])
        for size in range(min(len(first), len(word)), 0, -1)
    )
