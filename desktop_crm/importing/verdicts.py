"""What is done with each staged row: new, update, same, skip or bad, with the reasons and old → new.

Who a row is about was found by matching.py. A customer's row is compared field by field with the card; sales,
contacts and complaints are compared as multisets with what the shop has.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from desktop_crm.base import i18n
from desktop_crm.base.i18n import N_, _
from desktop_crm.importing import besides
from desktop_crm.importing.fields import Kind
from desktop_crm.importing.shapes import COLUMNS, LINE_TITLES, UNNAMED
from desktop_crm.store import matching as store_matching
from desktop_crm.store import merged_parts
from desktop_crm.store import rehearsed as store_rehearsed
from desktop_crm.store import verdicts as store
from desktop_crm.store.staging import Staging

Policy = Literal["fill", "overwrite", "skip", "ask"]
POLICIES: tuple[Policy, ...] = ("fill", "overwrite", "skip", "ask")
"""What happens to known customers: blanks are filled, differences overwritten too, nothing, or differences are asked about."""
Choice = Literal["", "keep", "take"]
"""What the person said of a field that differs: the shop's value is right, or the sheet's."""
State = Literal["", "keep", "take", "ask"]
"""The same, or that it waits to be said."""
Verdict = Literal["new", "update", "same", "skip", "bad"]
VERDICTS: tuple[Verdict, ...] = ("new", "update", "same", "skip", "bad")

Difference = tuple[str, str, str]
"""Field, what the shop has, what the sheet has; as texts."""
Judged = tuple[str, str, str, int, int]
"""Verdict, changes as JSON, what to tell, what it asks, n."""
Settled = list[str | int]
"""A difference, whether it is applied, its `State`, and whether it only fills (1), differs (0) or is `_UNCLEAR`."""
_UNCLEAR = -1
"""Not even overwriting is sure which is right: only a person can say."""

_CUSTOMER = COLUMNS["customers"]
_PLACE = {name: place for place, name in enumerate(_CUSTOMER)}
_JOINING = {"phones", "tags", "note", "model", "imei", "next_day", "dated_notes", "serial", besides.KEPT}
"""Columns to which something is added, so that no row takes away what another one says."""


def judge(staging: Staging, kind: Kind, policy: Policy, own: Sequence[str] = ()) -> None:
    """Give every staged row its verdict. The shop must be attached, customers found.

    Args:
        own: the staged columns of the shop's own fields.
    """
    if kind == "customers":
        columns = (*_CUSTOMER, *own)
        last = store.last_said(staging, columns) if policy == "overwrite" else {}
        parts = merged_parts.parts(staging)
        judging = _Judging(policy, columns, store_rehearsed.choices(staging), last, parts)
        store.judge(staging, list(_customers(staging, judging)))
        store.judge(staging, list(_folded(staging, judging)))
    elif kind == "purchases":
        _purchases(staging)
    elif kind == "followups":
        store.known_followups(staging)
    else:
        store.known_complaints(staging)
    store.judge_rest(staging)


def differences(
    row: Sequence[Any], card: Sequence[Any], columns: Sequence[str] = _CUSTOMER
) -> tuple[list[Difference], list[Difference]]:
    """What a row would fill in a card, and where the two say different things.

    Args:
        row: staged values of a customer. card: what the shop has, in the same columns and forms.
        columns: their names; the shop's own fields stand behind those that every shop has.
    """
    fills: list[Difference] = []
    others: list[Difference] = []
    note = _PLACE["note"]
    kept = str(row[columns.index(besides.KEPT)]).split("\n") if besides.KEPT in columns else ()
    for name, mine, theirs in zip(columns, row, card, strict=True):
        if name == "note" and kept:
            mine = "\n".join(line for line in mine.split("\n") if line not in kept)
        if mine in ("", None) or mine == theirs:
            continue
        if name == besides.KEPT:
            theirs = card[note]
        found = _difference(name, mine, theirs, row, card)
        if found:
            (fills if found[0] else others).append((name, str(found[1]), str(found[2])))
    return fills, others


def _difference(
    name: str, mine: Any, theirs: Any, row: Sequence[Any], card: Sequence[Any]
) -> tuple[bool, Any, Any] | None:
    """(whether it only fills, old, new) for one column, or None where nothing differs."""
    if name in ("bought_day", "birthday_lunar", "consent_day"):
        return None  # they go with device, birthday and consent
    if name == "name":
        return _name(mine, theirs, card)
    if name == "phones":
        new = " ".join(
            number for number in mine.split(" ") if number.partition("x")[0] not in theirs.split(" ")
        )
        return (True, theirs, new) if new else None
    if name in ("tags", "note", besides.KEPT):
        return _lines(name, mine, theirs)
    if name in ("model", "imei"):
        return _device(name, mine, theirs, row, card)
    if name == "referred_by":
        return _referrer(mine, theirs, card[_PLACE["note"]])
    if name == "next_day":
        return None if mine in theirs.split(" ") else (True, "", mine)
    if name == "do_not_contact":
        return None if int(mine) == theirs else (mine == "1", theirs, mine)
    if name == "kind":
        return (theirs == "person", theirs, mine)
    if name in ("points", "due"):
        return _ledger(mine, theirs)
    if name in besides.FIELDS:
        return besides.difference(name, mine, theirs)
    if mine == 0 and theirs in ("", None):
        return None  # a total of nothing says no more than no total
    return (theirs in ("", None), "" if theirs is None else theirs, mine)


def _referrer(mine: str, theirs: str, note: str) -> tuple[bool, Any, Any] | None:
    """Somebody whom the shop does not know stands in a line of the note instead."""
    titles = _in_every_language(N_("Referred by"))
    noted = [line.partition(": ")[2] for line in note.split("\n") if line.partition(": ")[0] in titles]
    if mine in (*noted, theirs, *theirs.split(" ")):
        return None
    return (not theirs and not noted, theirs or "".join(noted[:1]), mine)


@cache
def _in_every_language(text: str) -> frozenset[str]:
    found = []
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            found.append(_(text))
    return frozenset(found)


def _ledger(mine: int, theirs: Any) -> tuple[bool, Any, Any] | None:
    """A sum of entries: filled in where there are none; the sum now, and what an import said before, are nothing new."""
    known = [] if theirs is None else str(theirs).split(" ")
    if known in ([], [""]):
        return (True, "", mine) if mine else None
    return None if str(mine) in known else (False, known[0], mine)


def _name(mine: str, theirs: str, card: Sequence[Any]) -> tuple[bool, Any, Any] | None:
    if mine.replace(" ", "").lower() == theirs.replace(" ", "").lower():
        return None
    numbers = [number.partition("x")[0] for number in card[_PLACE["phones"]].split(" ")]
    return theirs in ("", *numbers), theirs, mine  # a card without a name is called by its number


def _lines(name: str, mine: str, theirs: str) -> tuple[bool, Any, Any] | None:
    """Lines that are not there yet; they are added, but those of a note only where there is none (or all is overwritten)."""
    known = set(map(_same_line, theirs.split("\n")))
    new = [line for line in mine.split("\n") if line and _same_line(line) not in known]
    if not new:
        return None
    return (name != "note" or not theirs, "" if name == besides.KEPT else theirs, "\n".join(new))


def _same_line(line: str) -> str:
    """A line as it is compared: one that an import made begins with a word of the language that was shown then."""
    title, sign, text = line.partition(": ")
    return f"{_own_titles().get(title, title)}: {text}" if sign else line


@cache
def _own_titles() -> dict[str, str]:
    """How lines begin that an import makes itself, in every language → in the source's."""
    return {word: title for title in LINE_TITLES for word in _in_every_language(title)}


def _device(
    name: str, mine: str, theirs: str, row: Sequence[Any], card: Sequence[Any]
) -> tuple[bool, Any, Any] | None:
    """A phone the card does not have: by its IMEI, or by its model where the sheet tells no IMEI."""
    imei = row[_PLACE["imei"]]
    if name == "model" and imei:
        return None
    known = theirs.split("\n") if name == "model" else theirs.split(" ")
    return None if mine in known else (True, "", row[_PLACE["model"]] + " " + imei if imei else mine)


def decide(
    fills: Iterable[Difference],
    others: Iterable[Difference],
    policy: Policy,
    choices: Mapping[str, str] | None = None,
    superseded: Collection[str] = (),
    unclear: Collection[str] = (),
) -> tuple[Verdict, list[Settled], int]:
    """The verdict for a known customer, all differences as they are settled, and what they ask.

    Args:
        choices: {field: what the person said}; it goes before the policy.
        superseded: fields of which a later row about the same person says something: that one overwrites.
        unclear: fields that are asked about where they differ, instead of overwritten.
    """
    said = choices or {}
    changes: list[Settled] = []
    for fill in fills:
        wanted = policy != "skip" and fill[0] not in superseded
        changes.append(_settled(fill, said.get(fill[0], ""), policy, wanted=wanted))
    for other in others:
        wanted = policy == "overwrite" and other[0] not in superseded
        if wanted and other[0] in unclear:
            changes.append(
                [*_settled(other, said.get(other[0], ""), "ask", wanted=False, fills=False)[:-1], _UNCLEAR]
            )
        else:
            changes.append(_settled(other, said.get(other[0], ""), policy, wanted=wanted, fills=False))
    if not changes:
        return "same", [], 0
    changes.sort(key=lambda change: change[0] == besides.KEPT)  # behind the note itself
    asks = store_rehearsed.FIELD_WAITS if any(change[4] == "ask" for change in changes) else 0
    return ("update" if any(change[3] for change in changes) else "skip"), changes, asks


def _settled(
    difference: Difference, choice: str, policy: Policy, *, wanted: bool, fills: bool = True
) -> Settled:
    state = choice or ("ask" if policy == "ask" and not fills else "")
    return [*difference, int(choice == "take" or (wanted and choice != "keep")), state, int(fills)]


def choose_anew(staging: Staging, policy: Policy, rows: Collection[int]) -> None:
    """Settle the differences of rows anew that share their person with no other row, after something was said of them."""
    choices = store_rehearsed.choices(staging)
    found: list[tuple[str, str, int, int]] = []
    for n, stored in store_rehearsed.changes_of(staging, rows):
        changes = json.loads(stored)
        fills, others = (
            [change[:3] for change in changes if (change[5] == 1) is only] for only in (True, False)
        )
        unclear = [change[0] for change in changes if change[5] == _UNCLEAR]
        verdict, settled, asks = decide(fills, others, policy, choices.get(n), unclear=unclear)
        found.append((verdict, json.dumps(settled, ensure_ascii=False), asks, n))
    store_rehearsed.set_changes(staging, found)


def _customers(staging: Staging, judging: _Judging) -> Iterator[Judged]:
    """Verdicts of rows about customers of the shop; a second row about one is compared with what the first left."""
    columns, width = judging.columns, len(judging.columns)
    cards: dict[int, list[Any]] = {}
    blank: set[int | None] = set()  # those whose note this sheet writes from the first line on
    claimed: set[str] = set()
    for n, leader, how, *values in store.matched_rows(staging, columns):
        row, card = values[:width], values[width:]
        if leader is not None:
            if leader not in cards and not card[_PLACE["note"]]:
                blank.add(leader)
            card = cards.setdefault(leader, card)
        card_no = row[_PLACE["card_no"]]
        if card_no and card_no != card[_PLACE["card_no"]] and judging.policy != "skip":
            told = _card_taken(staging, card_no, how, claimed)
            if told:
                yield "skip", "", told, 0, n
                continue
            claimed.add(card_no)
        yield judging.judged(n, row, card, leader, adds=leader in blank)


def _card_taken(staging: Staging, card_no: str, how: int, claimed: Collection[str]) -> str:
    """Why a card cannot get a card number, "" where it can."""
    if card_no in claimed:
        told = _("The card number {card_no} stands in several rows for different people.")
        return told.format(card_no=card_no)
    holder = store.card_holder(staging, card_no) if how != store_matching.CARD else ""
    if holder:
        told = _("The card number {card_no} belongs to {name}, and this row is to go to somebody else.")
        return told.format(card_no=card_no, name=holder)
    return ""


def _folded(staging: Staging, judging: _Judging) -> Iterator[Judged]:
    """Verdicts of rows about somebody new who stands in several rows: the first is new, the others add to it."""
    cards: dict[int, list[Any]] = {}
    if judging.policy == "skip":
        judging = replace(judging, policy="fill")  # nobody the shop knows is left alone here
    for n, leader, *row in store.folded_rows(staging, judging.columns):
        if leader not in cards:
            cards[leader] = row
            yield "new", "", "", 0, n
        else:
            yield judging.judged(n, row, cards[leader], leader, adds=True)


@dataclass(frozen=True)
class _Judging:
    """Judges single rows against cards.

    Attributes:
        policy / columns: as of `judge`. choices: what was said of fields, per row.
        last: leader → {field: the last row that says something of it}.
        parts: n → {field: what one of the cards had that became one} of rows about such a card.
    """

    policy: Policy
    columns: Sequence[str]
    choices: Mapping[int, Mapping[str, str]]
    last: Mapping[int, Mapping[str, int]]
    parts: Mapping[int, Mapping[str, Collection[str]]]

    def judged(
        self, n: int, row: list[Any], card: list[Any], leader: int | None, *, adds: bool = False
    ) -> Judged:
        """One row against a card; later rows with the same leader are compared with what this one leaves.

        Args:
            adds: the card's note is this sheet's own, so that its lines come together.
        """
        fills, others = differences(row, card, self.columns)
        if adds:
            fills += [one for one in others if one[0] == "note"]
            others = [one for one in others if one[0] != "note"]
        parts = self.parts.get(n)
        if parts is not None:  # the sheet may still know them apart
            others = [one for one in others if one[2] not in parts.get(one[0], ())]
        last = self.last.get(leader, {}) if leader is not None else {}
        superseded = [name for name, row_of_it in last.items() if row_of_it > n and name not in _JOINING]
        unclear = () if parts is None else merged_parts.SUMS
        verdict, changes, asks = decide(fills, others, self.policy, self.choices.get(n), superseded, unclear)
        if leader is not None:
            for name, _old, new, applied, *_rest in changes:
                if applied:
                    _remember(card, str(name), str(new), row, self.columns)
        return verdict, json.dumps(changes, ensure_ascii=False) if changes else "", "", asks, n


def _remember(card: list[Any], name: str, new: str, row: list[Any], columns: Sequence[str]) -> None:
    """Let a card in memory have what a row adds to it."""
    place = columns.index("note" if name == besides.KEPT else name)
    if name == besides.KEPT and not card[place]:
        card[place] = new
    elif (
        name in ("phones", "tags", "note", "next_day", "dated_notes", "serial", besides.KEPT) and card[place]
    ):
        card[place] += (" " if name in ("phones", "next_day", "serial") else "\n") + new
    elif name in ("model", "imei"):
        separator = "\n" if name == "model" else " "
        card[place] = f"{card[place]}{separator}{row[place]}".strip()
    elif name == "do_not_contact":
        card[place] = int(new)
    else:
        card[place] = row[place]


def _purchases(staging: Staging) -> None:
    store.name_as_before(staging, _(UNNAMED), _in_every_language(UNNAMED))
    store.known_sales(staging)
    told = _(
        "Receipt with this number is in the shop already, without this line; add the line by hand if it is missing."
    )
    store.judge(staging, [("skip", "", told, 0, n) for n in store.other_receipts(staging)])
    store.known_refunds(staging)
    _place_refunds(staging)


def _place_refunds(staging: Staging) -> None:
    """Find the sale that each refund belongs to: same person, and the same IMEI, receipt or item; best fit, then newest."""
    left: dict[int, int] = {}
    origins: list[tuple[int, int]] = []
    homeless: list[Judged] = []
    for n, who, customer_id, number, day, item, amount, imei in store.refunds_to_place(staging):
        like = (number, item, imei)
        sales = store.sold_in_sheet(staging, who, day, like)
        if customer_id is not None or who == 0:  # nobody's sales in the shop are not those of somebody new
            sales = [*sales, *store.sold_in_shop(staging, customer_id, day, like)]
        for origin, _fit, _day, its_amount in sorted(sales, key=lambda sale: sale[1:3], reverse=True):
            if amount <= left.get(origin, its_amount):
                left[origin] = left.get(origin, its_amount) - amount
                origins.append((origin, n))
                break
        else:
            reason = _("No sale was found that this refund belongs to; enter it by hand on the sale.")
            homeless.append(("skip", "", reason, 0, n))
    store.set_origins(staging, origins)
    store.judge(staging, homeless)
