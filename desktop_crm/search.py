"""One box: phone tail, IMEI tail, name, pinyin, initials, WeChat, card number, notes; ranking, and why it matched.

How a query is read is in search_words.py, why a card matched in search_reasons.py, the index in store/search.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop_crm import search_words
from desktop_crm.base.values import normal_imei
from desktop_crm.search_reasons import Reason, of_card, of_code, of_serials, of_texts
from desktop_crm.search_words import Word
from desktop_crm.shop import Shop
from desktop_crm.store import search as store
from desktop_crm.store import search_tokens as tokens
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
        reasons: the same per word of the query, with the places to mark.
    """

    customer_id: int
    name: str
    phones: tuple[str, ...]
    tier: str
    matched: str
    last_visit_day: str | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        query: as it was asked. hits: best first.
        more: others matched, too.
        is_open: only a prefix was typed yet, so that nothing could be found.
    """

    query: str
    hits: tuple[Hit, ...]
    more: bool
    is_open: bool = False


def find(shop: Shop, text: str, limit: int = 50) -> SearchResult:
    """The customers that match every word of `text`.

    First come those whose phone number ends with the digits typed, then whole names and other tails, then any part;
    among the newest cards of each rank, who was here lately. An empty text finds nobody.
    """
    with shop.reading():
        words: list[Word] = []
        for words in search_words.readings(shop, text):
            ids, more = _ranked(shop, words, limit)
            hits = _hits(shop, ids, words) if ids else ()
            if hits:
                return SearchResult(text, hits, more)
        is_open = not words and search_words.is_asked_nothing(shop, text)
    return SearchResult(text, (), False, is_open)


def scanned(shop: Shop, code: str) -> tuple[int, ...]:
    """Whose IMEI, serial number or card number was scanned: who has the device now, or all who had it, newest first."""
    plain = code.strip()
    with shop.reading():
        held = {
            each: None for way in (plain, normal_imei(plain)) if way for each in store.holders(shop.db, way)
        }
    now = [each.customer_id for each in held if each.in_use]
    return tuple(dict.fromkeys(now or [each.customer_id for each in held]))


def prefixes(shop: Shop) -> list[str]:
    """What may be typed before a colon to search notes, tags and the shop's own fields, in the reader's language."""
    return search_words.prefixes(shop)


def rebuild(shop: Shop) -> None:
    """Index every card anew; mends what an integrity check finds missing from the search."""
    with shop.upkeep():
        store.mark_all(shop.db)


def _ranked(shop: Shop, words: Sequence[Word], limit: int) -> tuple[list[int], bool]:
    """Ids of the best, and whether there were more."""
    digits = [word.text for word in words if word.is_short]
    ranked: dict[int, None] = {}
    for query in _queries([word for word in words if not word.is_short]):
        ids = [
            each for each in store.newest_matches(shop.db, query, digits, _LOOKED_AT) if each not in ranked
        ]
        if len(ids) > 1:
            visits = store.last_visits(shop.db, ids)
            ids.sort(key=lambda each: visits.get(each, ""), reverse=True)
        ranked.update(dict.fromkeys(ids))
        if len(ranked) > limit:
            return list(ranked)[:limit], True
    return list(ranked), False


def _queries(words: Sequence[Word]) -> Iterator[str]:
    """FTS5 queries for the words, the strictest first."""
    if not words:
        yield ""
        return
    plain = [word for word in words if not word.mark]
    behind = [_behind(word) for word in words if word.mark]
    levels = []
    if any(word.is_tail for word in plain):
        levels.append([tokens.tail(word.text) if word.is_tail else tokens.part(word.text) for word in plain])
    if len(words) == 1 and plain:
        levels.append([tokens.whole(word.text) for word in plain])
    levels.append([tokens.part(word.text) for word in plain])
    yield from dict.fromkeys(" AND ".join(level + behind) for level in levels)


def _behind(word: Word) -> str:
    if word.value is not None:
        return tokens.text_whole(word.mark, word.text)
    return tokens.text_part(word.mark, word.text)


def _hits(shop: Shop, ids: Sequence[int], words: Sequence[Word]) -> tuple[Hit, ...]:
    """The cards that have every word in one place, in the order of the ids."""
    found = store.found(shop.db, ids)
    reasons = _reasons(shop, found, words)
    return tuple(_hit(each, reasons[each.id]) for each in found if each.id in reasons)


def _hit(found: Found, reasons: tuple[Reason, ...]) -> Hit:
    matched = " · ".join(dict.fromkeys(reason.words for reason in reasons))
    numbers = tuple(found.numbers.split())
    return Hit(found.id, found.name, numbers, found.tier, matched, found.last_visit_day or None, reasons)


def _reasons(shop: Shop, found: Sequence[Found], words: Sequence[Word]) -> dict[int, tuple[Reason, ...]]:
    """Why each card matched, one reason per word; cards that lack one for any word are left out."""
    known: dict[int, list[Reason]] = {each.id: [] for each in found}
    for word in words:
        why = _why(shop, [each for each in found if each.id in known], word)
        for each in list(known):
            reason = why.get(each)
            if reason is None:
                del known[each]
            else:
                known[each].append(reason)
    return {each: tuple(reasons) for each, reasons in known.items()}


def _why(shop: Shop, found: Sequence[Found], word: Word) -> dict[int, Reason | None]:
    """Why each card matched one word; what does not stand on the card itself is only read where it must be."""
    if word.mark:
        written: dict[int, list[str]] = {}
        for customer_id, text in store.texts(shop.db, word.mark, [each.id for each in found]):
            written.setdefault(customer_id, []).append(text)
        return {each.id: of_texts(written.get(each.id, ()), word) for each in found}
    hides = not shop.may("phones")
    why = {each.id: of_card(each, word, hides=hides) for each in found}
    rest = [each for each, reason in why.items() if reason is None]
    if rest:
        held: dict[int, list[str]] = {}
        for each in store.serials(shop.db, rest):
            held.setdefault(each.customer_id, []).append(each.serial)
        why |= {each: of_serials(held.get(each, ()), word) for each in rest}
        rest = [each for each in rest if why[each] is None]
    for customer_id, code in store.merged_codes(shop.db, rest) if rest else ():
        why[customer_id] = why[customer_id] or of_code(code, word)
    return why
