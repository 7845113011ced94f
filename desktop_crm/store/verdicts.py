"""The SQL behind verdicts: which staged rows the shop has already; what a verdict means is importing/verdicts.py's.

Everything runs on the staging database with the shop attached beside it as `shop`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from desktop_crm.store.staging import Rows, Staging


def _brought(sums: str) -> str:
    """What stands in the opening summaries, '' where nothing does."""
    return f"coalesce((SELECT {sums} FROM shop.opening_summaries o WHERE o.customer_id = c.id), '')"


def _told(table: str, column: str, by_sheet: str) -> str:
    """The sum of a ledger, and behind it what it was when a sheet last said so; '' where there are no entries."""
    then = f"(SELECT max(i.id) FROM shop.{table} i WHERE i.customer_id = c.id AND {by_sheet})"
    return (
        f"coalesce((SELECT sum(e.{column}) || coalesce(' ' || sum(CASE WHEN e.id <= {then} THEN e.{column} END), '') "
        f"FROM shop.{table} e WHERE e.customer_id = c.id HAVING count(*) > 0), '')"
    )


CARD_COLUMNS = {
    "name": "c.name",
    "phones": "coalesce((SELECT group_concat(number, ' ') FROM (SELECT number FROM shop.phones t "
    "WHERE t.customer_id = c.id ORDER BY position, t.id)), '')",
    "card_no": "c.card_no",
    "external_id": "c.external_id",
    "wechat": "c.wechat",
    "email": "c.email",
    "gender": "c.gender",
    "birthday": "c.birthday",
    "birthday_lunar": "c.birthday_lunar",
    "region": "c.region",
    "address": "c.address",
    "occupation": "c.occupation",
    "source": "c.source",
    "referred_by": "coalesce((SELECT r.name || coalesce((SELECT group_concat(' ' || number, '') FROM shop.phones t "
    "WHERE t.customer_id = r.id), '') FROM shop.customers r WHERE r.id = c.referred_by), '')",
    "owner": "coalesce((SELECT name FROM shop.staff WHERE id = c.owner_staff_id), '')",
    "tags": "coalesce((SELECT group_concat(t.name, char(10)) FROM shop.customer_tags k JOIN shop.tags t ON t.id = k.tag_id "
    "WHERE k.customer_id = c.id), '')",
    "since_day": "coalesce(c.since_day, '')",
    "do_not_contact": "c.do_not_contact",
    "consent": "c.consent",
    "consent_day": "coalesce(c.consent_day, '')",
    "kind": "c.kind",
    "language": "c.language",
    "model": "coalesce((SELECT group_concat(model, char(10)) FROM shop.devices d WHERE d.customer_id = c.id), '')",
    "imei": "coalesce((SELECT group_concat(trim(imei || ' ' || serial), ' ') FROM shop.devices d "
    "WHERE d.customer_id = c.id AND (imei <> '' OR serial <> '')), '')",
    "bought_day": "''",
    "next_day": "coalesce((SELECT group_concat(first_due_day, ' ') FROM shop.followups f "
    "WHERE f.customer_id = c.id AND f.rule = 'imported'), '')",
    "note": "c.note",
    "preferences": "c.preferences",
    "kept": "''",
    "birthday_leap": "c.birthday_leap",
    "serial": "coalesce((SELECT group_concat(trim(imei || ' ' || serial), ' ') FROM shop.devices d "
    "WHERE d.customer_id = c.id AND serial <> ''), '')",
    "dated_notes": "coalesce((SELECT group_concat('[' || day || '] ' || text, char(10)) FROM shop.notes t "
    "WHERE t.customer_id = c.id), '')",
    **{
        f"consent_{channel}": "coalesce((SELECT answer || ' ' || day FROM shop.consents t WHERE t.customer_id = c.id "
        f"AND channel = '{channel}'), '')"
        for channel in ("call", "sms", "wechat", "email")
    },
    "opening_total": _brought("sum(total_fen)"),
    "opening_count": _brought("sum(purchases)"),
    "opening_last": _brought("max(last_day)"),
    "points": _told("point_entries", "points", "import_id IS NOT NULL"),
    "due": _told(
        "balance_entries",
        "amount_fen",
        "import_id IS NOT NULL AND kind <> 'sale' AND kind <> 'refund' AND note = ''",
    ),
}
"""What the shop has for each staged column of a customer, in the staged form."""


_OWN_AFFAIR = frozenset((
    "referred_by", "owner", "tags", "model", "imei", "next_day", "opening_total", "opening_count", "opening_last", "points",
    "due",
))  # fmt: skip
"""Columns that cost a search per card and that no other column is compared with: not looked up where the sheet says nothing."""


def _card_column(name: str) -> str:
    """What the shop has for a staged column; `own_12` is the field of the shop's own with that id, `new_3` a coming one."""
    kind, _line, number = name.partition("_")
    if kind == "own":
        return (
            "coalesce((SELECT value FROM shop.custom_values v WHERE v.customer_id = c.id "
            f"AND v.field_id = {int(number)}), '')"
        )
    return "''" if kind == "new" else CARD_COLUMNS[name]


def matched_rows(staging: Staging, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """(n, leader, how, staged values …, the card's values …) of rows found in the shop, in the sheet's order."""
    staged = ", ".join(f"s.{name}" for name in columns)
    cards = ", ".join(
        "''" if name in _OWN_AFFAIR and name not in staging.said else _card_column(name) for name in columns
    )
    yield from staging.execute(
        f"SELECT s.n, s.leader, s.how, {staged}, {cards} FROM stage s JOIN shop.customers c ON c.id = s.customer_id "
        "WHERE s.bad = 0 AND s.doubt = 0 AND s.verdict IS NULL ORDER BY s.n"
    )


def folded_rows(staging: Staging, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """(n, leader, staged values …) of rows about somebody new who stands in several rows, in the sheet's order."""
    staged = ", ".join(f"s.{name}" for name in columns)
    yield from staging.execute(
        f"SELECT s.n, s.leader, {staged} FROM stage s WHERE s.leader IS NOT NULL AND s.customer_id IS NULL "
        "AND s.bad = 0 AND s.doubt = 0 AND s.verdict IS NULL ORDER BY s.n"
    )


def last_said(staging: Staging, columns: Sequence[str]) -> dict[int, dict[str, int]]:
    """leader → {column: the last row that says something in it} of people who stand in several rows."""
    told = ", ".join(f"max(CASE WHEN s.{name} <> '' THEN s.n END)" for name in columns)
    found = staging.rows(
        f"SELECT s.leader, {told} FROM stage s WHERE s.leader IS NOT NULL AND {_USABLE} GROUP BY s.leader"
    )
    return {
        leader: {name: n for name, n in zip(columns, rows, strict=True) if n is not None}
        for leader, *rows in found
    }


def card_holder(staging: Staging, card_no: str) -> str:
    """Whose card number it is in the shop, "" if nobody's."""
    return (
        staging.value(
            "SELECT name FROM shop.customers WHERE card_no = ? AND deleted_at IS NULL AND merged_into IS NULL",
            (card_no,),
        )
        or ""
    )


def judge(staging: Staging, verdicts: Iterable[tuple[str, str, str, int, int]]) -> None:
    """Note (verdict, changes as JSON, what to tell, what it asks, n)."""
    staging.executemany(
        "UPDATE stage SET verdict = ?, changes = ?, told = coalesce(nullif(?, ''), told), asks = coalesce(asks, 0) | ? "
        "WHERE n = ?",
        verdicts,
    )


def judge_rest(staging: Staging) -> None:
    """Bad rows are bad, doubtful ones wait, all others that have no verdict yet are new."""
    staging.execute(
        "UPDATE stage SET verdict = CASE WHEN bad THEN 'bad' WHEN doubt THEN 'skip' ELSE 'new' END WHERE verdict IS NULL"
    )


_USABLE = "s.bad = 0 AND s.doubt = 0 AND s.verdict IS NULL"
_WHO = (
    "CASE WHEN name = '' AND phones = '' AND card_no = '' AND external_id = '' THEN 0 "
    "ELSE coalesce(customer_id, -coalesce(leader, n)) END"
)
_KNOWN = (
    "(s.customer_id IS NOT NULL OR (s.name = '' AND s.phones = '' AND s.card_no = '' AND s.external_id = ''))"
)


_SOLD_BEFORE = (
    "SELECT count(*) FROM shop.purchases p JOIN shop.purchase_lines l ON l.purchase_id = p.id "
    "WHERE p.customer_id IS k.customer_id AND p.day = k.day AND p.void_day IS NULL AND l.description = k.item "
    "AND l.amount_fen = k.amount AND l.imei = k.imei"
)
_SALE = "customer_id, day, item, amount, imei"


def name_as_before(staging: Staging, item: str, names: Iterable[str]) -> None:
    """Call an item as the shop calls it already, where that is another one of these names."""
    if staging.value("SELECT 1 FROM stage WHERE item = ?", (item,)) is None:
        return
    for name in names:
        if staging.value("SELECT 1 FROM shop.purchase_lines WHERE description = ?", (name,)) is not None:
            staging.execute("UPDATE stage SET item = ? WHERE item = ?", (name, item))


def known_sales(staging: Staging) -> None:
    """Sales that the shop has: as many rows as it has lines with the same customer, day, item, amount and IMEI.

    A row with a receipt number is a line of that receipt, or of a sale that has no number; never of another receipt.
    """
    with_number, without = "s.refund = 0 AND s.number <> ''", "s.refund = 0 AND s.number = ''"
    taken = "0"
    if "number" in staging.said:
        _known(
            staging,
            f"number, {_SALE}",
            f"{_SOLD_BEFORE} AND p.number = k.number AND k.number <> ''",
            with_number,
        )
        staging.execute("DROP TABLE IF EXISTS taken")
        if staging.value("SELECT 1 FROM shop.purchases WHERE number = ''"):
            _known(staging, _SALE, f"{_SOLD_BEFORE} AND p.number = ''", with_number)
        if staging.value(f"SELECT 1 FROM stage s WHERE {without}"):
            staging.execute(
                f"CREATE TABLE taken AS SELECT {_SALE}, count(*) AS some FROM stage s WHERE {with_number} "
                f"AND s.verdict = 'same' GROUP BY {_SALE}"
            )
            staging.execute("CREATE INDEX taken_sale ON taken (day, item)")
            taken = (
                "coalesce((SELECT t.some FROM taken t WHERE t.customer_id IS k.customer_id AND t.day = k.day "
                "AND t.item = k.item AND t.amount = k.amount AND t.imei = k.imei), 0)"
            )
    _known(staging, _SALE, f"({_SOLD_BEFORE}) - {taken}", without)


def known_refunds(staging: Staging) -> None:
    """Refunds that the shop has: of the same customer, day and amount, and of the same item or IMEI.

    A row with the number of a receipt is a refund of that one. What the sheet calls an item may be no line of it
    ("refund"): any refund of the receipt is this one then. Other numbers are the refund's own and tell nothing.
    """
    refunds = (
        "SELECT count(*) FROM shop.refunds r JOIN shop.purchases p ON p.id = r.purchase_id "
        "LEFT JOIN shop.purchase_lines l ON l.id = r.line_id "
        "WHERE p.customer_id IS k.customer_id AND r.day = k.day AND r.amount_fen = k.amount"
    )
    same_line = "l.id IS NULL OR l.description = k.item OR (k.imei <> '' AND l.imei = k.imei)"
    no_line = "NOT EXISTS (SELECT 1 FROM shop.purchase_lines o WHERE o.purchase_id = p.id AND o.description = k.item)"
    of_receipt = "EXISTS (SELECT 1 FROM shop.purchases o WHERE o.number = s.number AND o.number <> '' AND s.number <> '')"
    key = "customer_id, day, amount, item, imei"
    _known(
        staging,
        f"number, {key}",
        f"{refunds} AND p.number IN ('', k.number) AND ({same_line} OR (p.number = k.number AND {no_line}))",
        f"s.refund = 1 AND {of_receipt}",
    )
    _known(staging, key, f"{refunds} AND ({same_line})", f"s.refund = 1 AND NOT {of_receipt}")


CONTACT_KNOWN, PLAN_KNOWN = 1, 2
"""What of a row with a contact and the next one the shop has already (`origin` of a row that is written)."""


def known_followups(staging: Staging) -> None:
    """Planned contacts and records of contacts that the shop has; a row that tells of both is the same if both are."""
    contact = (
        "SELECT count(*) FROM shop.interactions i WHERE i.customer_id = k.customer_id "
        "AND i.day = k.contact_day AND i.summary = k.content"
    )
    planned = (
        "SELECT count(*) FROM shop.followups f WHERE f.customer_id = k.customer_id AND f.first_due_day = k.first_due_day "
        "AND (f.reason IN (k.reason, '') OR (k.reason = '' AND f.rule = 'imported'))"
    )
    of_contact, of_plan = "customer_id, contact_day, content", "customer_id, first_due_day, reason"
    _known(staging, of_contact, contact, "s.contact_day <> ''", f"origin = {CONTACT_KNOWN}")
    _known(staging, of_plan, planned, "s.due_day <> ''", f"origin = coalesce(origin, 0) + {PLAN_KNOWN}")
    staging.execute(
        f"UPDATE stage AS s SET verdict = 'same' WHERE {_USABLE} AND s.origin = {CONTACT_KNOWN} * (s.contact_day <> '') "
        f"+ {PLAN_KNOWN} * (s.due_day <> '')"
    )


def known_complaints(staging: Staging) -> None:
    """Complaints that the shop has, by customer, day and what happened."""
    _known(
        staging,
        "customer_id, day, summary",
        "SELECT count(*) FROM shop.complaints c WHERE c.customer_id IS k.customer_id AND c.received_day = k.day "
        "AND c.summary = k.summary",
        "1",
    )


def _known(staging: Staging, key: str, count: str, which: str, note: str = "verdict = 'same'") -> None:
    """Note of the first rows of each key, as many as the shop has, that they are known: the comparison of two multisets."""
    staging.execute(
        f"UPDATE stage SET {note} WHERE n IN (SELECT n FROM (SELECT k.*, ({count}) AS have FROM ("
        f"SELECT s.n, {', '.join('s.' + part for part in key.split(', '))}, "
        f"row_number() OVER (PARTITION BY {', '.join('s.' + part for part in key.split(', '))} ORDER BY s.n) AS place "
        f"FROM stage s WHERE {which} AND {_USABLE} AND {_KNOWN}) k) WHERE place <= have)"
    )


def other_receipts(staging: Staging) -> list[int]:
    """Rows whose receipt the shop has for that day, but without this line."""
    return [
        n
        for (n,) in staging.rows(
            f"SELECT s.n FROM stage s WHERE s.number <> '' AND s.refund = 0 AND {_USABLE} AND EXISTS (SELECT 1 "
            "FROM shop.purchases p WHERE p.number = s.number AND p.day = s.day AND p.number <> '' AND p.void_day IS NULL)"
        )
    ]


def refunds_to_place(staging: Staging) -> Rows:
    """(n, who, number, day, item, amount, imei) of refunds that the shop does not have, in the order of their days."""
    return staging.rows(
        f"SELECT n, {_WHO}, customer_id, number, day, item, amount, imei FROM stage s "
        f"WHERE s.refund = 1 AND {_USABLE} ORDER BY day, n"
    )


_FIT = "4 * (?5 <> '' AND {imei} = ?5) + 2 * (?3 <> '' AND {number} = ?3) + ({item} = ?4)"
"""How well a sale fits a refund like (number, item, IMEI): a line of the receipt, and of it the one with that item."""


def sold_in_shop(staging: Staging, customer_id: int | None, day: str, like: tuple[str, str, str]) -> Rows:
    """(line id, how well it fits, day, left to refund) of a customer's sales up to a day like (number, item, IMEI)."""
    fit = _FIT.format(imei="l.imei", number="p.number", item="l.description")
    return staging.rows(
        f"SELECT l.id, {fit} AS fit, p.day, "
        "l.amount_fen - coalesce((SELECT sum(r.amount_fen) FROM shop.refunds r WHERE r.line_id = l.id), 0) "
        "FROM shop.purchases p JOIN shop.purchase_lines l ON l.purchase_id = p.id WHERE p.customer_id IS ?1 AND p.day <= ?2 "
        "AND p.void_day IS NULL AND ((?3 <> '' AND p.number = ?3) OR l.description = ?4 OR (?5 <> '' AND l.imei = ?5)) "
        "ORDER BY fit DESC, p.day DESC, l.id DESC LIMIT 20",
        (customer_id, day, *like),
    )


def sold_in_sheet(staging: Staging, who: int, day: str, like: tuple[str, str, str]) -> Rows:
    """(−n, how well it fits, day, amount) of somebody's new sales in the sheet up to a day like (number, item, IMEI)."""
    fit = _FIT.format(imei="s.imei", number="s.number", item="s.item")
    staging.execute(f"CREATE INDEX IF NOT EXISTS stage_who ON stage ({_WHO})")
    return staging.rows(
        f"SELECT -n, {fit} AS fit, day, amount FROM stage s WHERE s.refund = 0 AND s.verdict IS NULL AND s.bad = 0 "
        f"AND s.doubt = 0 AND {_WHO} = ?1 AND s.day <= ?2 "
        "AND ((?3 <> '' AND s.number = ?3) OR s.item = ?4 OR (?5 <> '' AND s.imei = ?5)) "
        "ORDER BY fit DESC, s.day DESC, s.n DESC LIMIT 20",
        (who, day, *like),
    )


def set_origins(staging: Staging, origins: Iterable[tuple[int, int]]) -> None:
    """Note (line in the shop, or −n of the sheet's own row; n) of refunds."""
    staging.executemany("UPDATE stage SET origin = ? WHERE n = ?", origins)


def complete_followups(staging: Staging, today: str) -> None:
    """Fill what planned contacts leave unsaid: first due day, reason, state; a past one without a word is over."""
    staging.execute("UPDATE stage SET due_day = done_day WHERE due_day = '' AND contact_day = ''")
    staging.execute("UPDATE stage SET first_due_day = due_day WHERE first_due_day = ''")
    staging.execute(
        "UPDATE stage SET state = CASE WHEN done_day <> '' OR outcome <> '' THEN 'done' WHEN due_day < ? THEN 'cancelled' "
        "ELSE 'open' END WHERE state = '' AND due_day <> ''",
        (today,),
    )
    staging.execute(
        "UPDATE stage SET done_day = due_day WHERE state = 'done' AND done_day = '' AND due_day <> ''"
    )


def ambiguous_places(staging: Staging) -> Rows:
    """(place of the column, field, how many cells, {order: day} of one as JSON) of cells that wait for their column."""
    return staging.rows("SELECT place, field, count(*), min(days) FROM ambiguous GROUP BY 1, 2 ORDER BY 1")


_DAY_COLUMNS = {
    "sold_at": ("day", "clock"),
    "received_at": ("day", "clock"),
    "contact_at": ("contact_day", "clock"),
}


def resolve_days(staging: Staging, place: int, field: str, order: str) -> None:
    """Let the cells of a column have the day that an order of day and month gives them."""
    day, clock = _DAY_COLUMNS.get(field, (field, ""))
    found = (
        f"(SELECT json_extract(a.days, '$.{order}') FROM ambiguous a WHERE a.n = stage.n AND a.place = ?1)"
    )
    sets = f"{day} = substr({found}, 1, 10)" + (f", {clock} = substr({found}, 12)" if clock else "")
    which = f"n IN (SELECT n FROM ambiguous WHERE place = ?1 AND json_extract(days, '$.{order}') IS NOT NULL)"
    staging.said |= {day, clock} - {""}
    staging.execute("CREATE INDEX IF NOT EXISTS ambiguous_n ON ambiguous (n)")
    staging.execute(f"UPDATE stage SET {sets} WHERE {which}", (place,))
    staging.execute(
        f"DELETE FROM ambiguous WHERE place = ?1 AND json_extract(days, '$.{order}') IS NOT NULL", (place,)
    )


def doubt_ambiguous(staging: Staging) -> None:
    """Rows whose days are still ambiguous wait for the person."""
    staging.execute(
        "UPDATE stage SET doubt = 1, reasons = trim(reasons || char(10) || a.text, char(10)) FROM "
        "(SELECT n, group_concat(reason, char(10)) AS text FROM ambiguous GROUP BY n) a WHERE a.n = stage.n"
    )
