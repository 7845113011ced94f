"""What only a whole row can tell, per kind: names put together, amounts that must agree, who the row is about.

Works on a `Block`: some rows held column by column. The order of each kind's staged columns stands in COLUMNS;
store/imports.py makes its table from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import show_money
from desktop_crm.importing import besides, persons
from desktop_crm.importing.blocks import Block, Values
from desktop_crm.importing.fields import Kind

WHO = ("name", "phones", "card_no", "external_id")
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "customers": (
        *WHO, "wechat", "email", "gender", "birthday", "birthday_lunar", "region", "address", "occupation", "source",
        "referred_by", "owner", "tags", "since_day", "do_not_contact", "consent", "consent_day", "kind", "language",
        "model", "imei", "bought_day", "next_day", "note", "opening_total", "opening_count", "opening_last", "points",
        "due",
    ),
    "purchases": (
        *WHO, "number", "day", "clock", "item", "category", "quantity", "price", "discount", "amount", "cost", "imei",
        "pay", "clerk", "refund", "note",
    ),
    "followups": (
        *WHO, "due_day", "first_due_day", "contact_day", "clock", "channel", "reason", "content", "state", "outcome",
        "done_day", "clerk",
    ),
    "complaints": (
        *WHO, "day", "clock", "summary", "category", "priority", "channel", "state", "answer", "closed_day", "clerk",
    ),
}  # fmt: skip
"""What a staged row holds after (n, row, bad, doubt, reasons, raw). Texts are '' where nothing was said, money and
counts None."""


LINE_TITLES = (
    N_("Nickname"), N_("Company"), N_("Lunar birthday"), N_("Next contact"), N_("IMEI"), N_("Purchases before"),
    N_("Last purchase before"), N_("Dated notes"), N_("Referred by"),
)  # fmt: skip
"""How lines of a note begin that an import makes itself, in the language that is shown then."""
UNNAMED = N_("Not named")
"""What was sold where a sheet does not say it."""
_DEFAULTS: dict[str, int | None] = {
    "birthday_lunar": 0, "refund": 0, "quantity": None, "price": None, "discount": None, "amount": None, "cost": None,
    "opening_total": None, "opening_count": None, "points": None, "due": None,
}  # fmt: skip


def staged_columns(kind: Kind) -> dict[str, str | int | None]:
    """The kind's staged columns with what they hold where a sheet says nothing."""
    return {name: _DEFAULTS.get(name, "") for name in COLUMNS[kind]}


def _customers(block: Block) -> list[Values]:
    besides.prepare(block)
    _companies(block)
    who = persons.who(block, needed=True)
    birthdays, lunar = _birthdays(block)
    regions, addresses = _addresses(block)
    plain = {
        key: block.get(key)
        for key in (
            "wechat", "email", "gender", "occupation", "source", "referred_by", "owner", "tags", "since_day",
            "do_not_contact", "consent", "consent_day", "customer_kind", "language", "model", "bought_day",
        )
    }  # fmt: skip
    imeis = _first_imeis(block)
    next_days = _next_days(block)
    brought = [*_brought(block), block.numbers("points"), _due(block)]
    return [
        *who, plain["wechat"], plain["email"], plain["gender"], birthdays, lunar, regions, addresses,
        plain["occupation"], plain["source"], plain["referred_by"], plain["owner"], plain["tags"], plain["since_day"],
        plain["do_not_contact"], plain["consent"], plain["consent_day"], plain["customer_kind"], plain["language"],
        plain["model"], imeis, plain["bought_day"], next_days, block.notes(), *brought,
    ]  # fmt: skip


def _companies(block: Block) -> None:
    """A company without a person's name is the customer; beside one it is a line of the note."""
    if "company" not in block.columns:
        return
    names = list(block.get("name"))
    kinds = list(block.get("customer_kind"))
    persons = zip(block.get("last_name"), block.get("first_name"), strict=True)
    for place, (company, person) in enumerate(zip(block.columns["company"], persons, strict=True)):
        if company and not names[place] and not any(person):
            names[place], kinds[place] = company, kinds[place] or "company"
        elif company:
            block.line(place, _("Company"), company)
    block.columns["name"], block.columns["customer_kind"] = names, kinds


def _birthdays(block: Block) -> tuple[Values, Values]:
    """Birthdays and whether they are lunar; one equal to the day the card began is a program's default."""
    found = block.get("birthday")
    lunar: Values = [0] * block.size
    if not block.columns.keys() & {"birthday", "lunar_birthday"}:
        return found, lunar
    found = list(found)
    words, others, since = block.get("lunar"), block.get("lunar_birthday"), block.get("since_day")
    for place in range(block.size):
        if others[place] and not found[place]:
            found[place] = "L" + others[place].removeprefix("L")
        elif others[place]:  # phones may have both; the card has one
            block.line(place, _("Lunar birthday"), others[place].lstrip("L"))
        day = found[place]
        if not day:
            continue
        if day[0] == "L":
            found[place], lunar[place] = day.lstrip("L"), 1
            if day[1] == "L":
                block.columns.setdefault("birthday_leap", [0] * block.size)[place] = 1
        elif words[place] and re.fullmatch(r"0|农历|阴历|lunar|是|yes|1?农历", words[place], re.I):
            lunar[place] = 1
        if day == since[place]:
            found[place] = ""
            block.tell(
                place,
                _("The birthday {day} is the day the card was made; it was left empty.").format(day=day),
            )
            block.originals.setdefault(place, {}).setdefault(_("Birthday"), day)
    return found, lunar


def _addresses(block: Block) -> tuple[Values, Values]:
    """District, and the rest of the address with province and city before it."""
    regions, addresses = block.get("region"), block.get("address")
    if not block.columns.keys() & {"province", "city"}:
        return regions, addresses
    regions, made = list(regions), []
    parts = zip(block.get("province"), block.get("city"), regions, addresses, strict=True)
    for place, (province, city, region, address) in enumerate(parts):
        if not region and city:
            regions[place], city = city, ""
        before = [part for part in (province, city) if part and part not in address]
        han = bool(re.search(r"[\u3400-\u9fff]", "".join(before) + address))
        made.append(("" if han else ", ").join([*before, address] if address else before))
    return regions, made


def _next_days(block: Block) -> Values:
    """Days of a next contact that are still to come; past ones are history and become a line of the note."""
    days = block.get("next_day")
    if "next_day" not in block.columns:
        return days
    made = list(days)
    for place, day in enumerate(days):
        if day and day < block.today:
            block.line(place, _("Next contact"), day)
            made[place] = ""
    return made


def _first_imeis(block: Block) -> Values:
    """The first IMEI of each row; the second one of a phone for two cards becomes a line of the note."""
    found = block.get("imei")
    if not any(" " in imei for imei in found):
        return found
    made = []
    for place, imei in enumerate(found):
        first, _space, rest = imei.partition(" ")
        made.append(first)
        if rest:
            block.line(place, _("IMEI"), rest)
    return made


def _brought(block: Block) -> list[Values]:
    """What was bought before: total, how often, day of the last; what cannot be becomes a line of the note."""
    totals, counts, days = (
        block.numbers("opening_total"), block.numbers("opening_count"), block.get("opening_last")
    )  # fmt: skip
    if "opening_count" in block.columns and any(count is not None and count < 0 for count in counts):
        counts = list(counts)
        for place, count in enumerate(counts):
            if count is not None and count < 0:
                block.tell(
                    place, _("Nobody bought {count} times; it was kept in the note.").format(count=count)
                )
                block.line(place, _("Purchases before"), str(count))
                counts[place] = None
    if "opening_last" in block.columns and any(day > block.today for day in days):
        days = list(days)
        for place, day in enumerate(days):
            if day > block.today:
                told = _("The last purchase {day} is still to come; it was kept in the note.")
                block.tell(place, told.format(day=day))
                block.line(place, _("Last purchase before"), day)
                days[place] = ""
    return [totals, counts, days]


def _due(block: Block) -> Values:
    """What a customer owes; what they paid in advance is owed to them, so it stands below zero."""
    owed = block.numbers("due")
    if "credit" not in block.columns:
        return owed
    return [
        (debt or 0) - (credit or 0) if (debt, credit) != (None, None) else None
        for debt, credit in zip(owed, block.columns["credit"], strict=True)
    ]


def _moments(block: Block, key: str, *, needed: bool = True) -> tuple[Values, Values]:
    """Days and times of day of an instant ("2026-10-31T14:30"); a missing one makes the row bad."""
    days: Values = []
    clocks: Values = []
    for place, moment in enumerate(block.get(key)):
        day, _sign, clock = moment.partition("T")
        if not day and needed and place not in block.bad and place not in block.waiting:
            block.fail(place, _("There is no day."))
        days.append(day)
        clocks.append(clock)
    return days, clocks


def _purchases(block: Block) -> list[Values]:
    who = persons.who(block, needed=False)
    days, clocks = _moments(block, "sold_at")
    quantities, prices, discounts, amounts, refunds = _amounts(block)
    items = list(block.get("item"))
    imeis = _first_imeis(block)
    for key in ("color", "storage"):
        for place, word in enumerate(block.get(key)):
            if word and word not in items[place]:
                items[place] = f"{items[place]} {word}".strip()
    _tell_unpaid(block, who, amounts, refunds)
    for place, item in enumerate(items):
        if not item and not imeis[place]:
            items[place] = _(UNNAMED)
        elif not item:
            items[place] = imeis[place]
    return [
        *who, block.get("number"), days, clocks, items, block.get("category"), quantities, prices, discounts, amounts,
        block.numbers("cost"), imeis, block.get("pay"), block.get("clerk"), refunds, block.notes(),
    ]  # fmt: skip


def _tell_unpaid(block: Block, who: list[Values], amounts: Values, refunds: Values) -> None:
    """Sales on account become debts: that has to be known before."""
    for place, way in enumerate(block.get("pay")):
        if way.startswith("account") and amounts[place] and not refunds[place]:
            money = show_money(min(int(way[8:] or amounts[place]), amounts[place]))
            if any(column[place] for column in who):
                told = _("On account: {money} goes into the customer's account.")
                block.tell(place, told.format(money=money))
            else:
                block.tell(place, _("On account, but nobody is named who owes {money}.").format(money=money))


def _amounts(block: Block) -> tuple[Values, Values, Values, Values, Values]:
    """Quantity, unit price, discount, amount and whether it is a refund; amount = quantity × price − discount."""
    kinds = block.get("sale_type")
    given = [block.numbers(key) for key in ("quantity", "price", "discount", "amount")]
    made: tuple[Values, Values, Values, Values, Values] = ([], [], [], [], [])
    for place, (quantity, price, discount, amount) in enumerate(zip(*given, strict=True)):
        if kinds[place] == "void":
            block.undecided.add(place)
            block.tell(place, _("This sale was cancelled; it is not imported."))
        refund = int(kinds[place] == "refund" or (amount or 0) < 0 or (quantity or 0) < 0)
        if amount is None and price is None:
            if place not in block.bad:
                block.fail(place, _("There is no amount."))
            line: tuple[int | None, ...] = (quantity, None, None, None)
        else:
            line = agreed(abs(quantity or 1), _size(price), _size(discount), _size(amount))
            if max(part or 0 for part in line) >= _MOST_FEN and place not in block.bad:
                block.fail(place, _("The amount is too large to be right."))
                line = (None, None, None, None)
        for column, value in zip(made, (*line, refund), strict=True):
            column.append(value)
    return made


_MOST_FEN = 10**13


def _size(fen: int | None) -> int | None:
    return None if fen is None else abs(fen)


def agreed(
    quantity: int, price: int | None, discount: int | None, amount: int | None
) -> tuple[int, int, int, int]:
    """Quantity, price, discount, amount that agree; what was paid decides, the discount explains the rest.

    A price above what was paid leaves a discount; a price below it gives way: 2 pieces, ¥100, paid ¥150 → discount ¥50.
    """
    if amount is None:
        amount = quantity * (price or 0) - (discount or 0)
    if price is None:
        price, rest = divmod(amount + (discount or 0), quantity)
        if rest:
            price += 1
    if quantity * price < amount:
        price = -(-amount // quantity)
    return quantity, price, quantity * price - amount, amount


def _followups(block: Block) -> list[Values]:
    who = persons.who(block, needed=True)
    contact_days, clocks = _moments(block, "contact_at", needed=False)
    due, done = block.get("due_day"), block.get("done_day")
    for place, days in enumerate(zip(due, contact_days, done, strict=True)):
        if not any(days) and place not in block.bad and place not in block.waiting:
            block.fail(place, _("There is no day."))
    return [
        *who, due, block.get("first_due_day"), contact_days, clocks, block.get("channel"), block.get("reason"),
        _with_notes(block, "content"), block.get("state"), block.get("outcome"), done, block.get("clerk"),
    ]  # fmt: skip


def _complaints(block: Block) -> list[Values]:
    who = persons.who(block, needed=False)
    days, clocks = _moments(block, "received_at")
    for place, summary in enumerate(block.get("summary")):
        if not summary and place not in block.bad:
            block.fail(place, _("Nothing says what happened."))
    return [
        *who, days, clocks, block.get("summary"), block.get("complaint_category"), block.get("priority"),
        block.get("channel"), block.get("state"), _with_notes(block, "answer"), block.get("closed_day"), block.get("clerk"),
    ]  # fmt: skip


def _with_notes(block: Block, key: str) -> Values:
    """A long text with the row's note and kept lines behind it."""
    notes = block.notes()
    return ["\n".join(filter(None, pair)) for pair in zip(block.get(key), notes, strict=True)]


SHAPES: dict[Kind, Callable[[Block], list[Values]]] = {
    "customers": _customers,
    "purchases": _purchases,
    "followups": _followups,
    "complaints": _complaints,
}
"""Per kind: a block of read columns → its staged columns, in the order of COLUMNS."""
