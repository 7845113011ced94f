"""A shop in which every place for words holds a phone number, and a look for numbers in what somebody gets to see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desktop_crm import customers, history_fields, merge, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop

NO_WORDS = {
    ("devices", "imei"), ("devices", "serial"), ("products", "barcode"), ("purchase_lines", "imei"),
    ("followups", "due_time"), ("customers", "birthday"), ("staff", "name"), ("purchases", "number"), ("custom_fields", "name"),
}  # fmt: skip
"""Text columns that hold no words: their own numbers, times, what the shop calls its people and fields."""

SHAPES = ("057187654321", "87654321", "+85291234567", "4008123456", "02588887777")
"""Numbers that are no mobile numbers: landline, without its area, foreign, service, landline of ten digits."""


def plant(shop: Shop) -> None:
    """Put numbers wherever words stand; the columns are those that History shows as text, so new ones come by themselves."""
    nameless = customers.add(shop, CustomerDraft(phones=(PhoneDraft("13912345678"),)))
    customers.add(shop, CustomerDraft("同号", phones=(PhoneDraft("13912345678"), PhoneDraft("87654321"))))
    other = customers.add(shop, CustomerDraft("一号", wechat="13911112222", card_no="13911113333"))
    kept = customers.add(shop, CustomerDraft("一号", email="13911112222@qq.com"))
    merge.merge(shop, kept, [other])
    gone = customers.add(shop, CustomerDraft("走了", phones=(PhoneDraft("13912345679"),)))
    customers.delete(shop, [gone])
    ids = [row[0] for row in shop.db.rows("SELECT id FROM customers WHERE deleted_at IS NULL ORDER BY id")]
    for place, number in enumerate(SHAPES * 3):
        customers.set_phones(
            shop, ids[place], [PhoneDraft(number), PhoneDraft(f"1391234{place:04d}", label="家")]
        )
    customers.edit(shop, nameless, note="13912345678")
    with shop.change("Numbers 139 1234 5678 everywhere", {"customers"}) as _change:
        for table, column in text_columns():
            for row_id, number in _numbered(shop, table, column):
                shop.db.execute(
                    f"UPDATE {table} SET {column} = trim({column} || ' ' || ?) WHERE id = ?", (number, row_id)
                )


def text_columns() -> Iterator[tuple[str, str]]:
    """Every column of the shop that holds words."""
    for table, fields in history_fields.FIELDS.items():
        for column, (_label, kind) in fields.items():
            if kind in ("text", "own") and (table, column) not in NO_WORDS:
                yield table, column


def _numbered(shop: Shop, table: str, column: str) -> Iterator[tuple[int, str]]:
    also = (
        " AND field_id IN (SELECT id FROM custom_fields WHERE kind IN ('text', 'choice'))"
        if table == "custom_values"
        else ""
    )
    tables = list(history_fields.FIELDS)
    place = tables.index(table) * 10 + list(history_fields.FIELDS[table]).index(column) % 10
    for (row_id,) in shop.db.rows(f"SELECT id FROM {table} WHERE {column} IS NOT NULL{also} ORDER BY id"):
        number = f"1{37 + row_id % 3}{place % 1000:03d}{row_id % 100_000:05d}"
        yield (
            row_id,
            (number, f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:3]}-{number[3:7]}-{number[7:]}")[
                row_id % 3
            ],
        )


def clerk_of(shop: Shop) -> Shop:
    """The shop with a clerk at the counter who may not see numbers."""
    found = [each for each in staff.listing(shop) if each.role == "clerk"]
    clerk = found[0].id if found else staff.add(shop, "小雅")
    seen = shop.at_counter(clerk)
    assert not seen.may("phones")
    return seen


def secrets(shop: Shop) -> frozenset[str]:
    """Every number of the shop: digits only."""
    found = {number.lstrip("+") for (number,) in shop.db.rows("SELECT number FROM phones")}
    for table, column in text_columns():
        for (text,) in shop.db.rows(f"SELECT {column} FROM {table} WHERE {column} GLOB '*[0-9]*'"):
            found.update(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", joined(str(text))))
    return frozenset(found)


def joined(text: str) -> str:
    """A text without the gaps inside its numbers."""
    return re.sub(r"(?<=\d)[ .\u00a0\-](?=\d)", "", text)


def leaks(texts: Iterable[str], numbers: frozenset[str]) -> list[str]:
    """The places at which one of the numbers stands in full, with a little of what is around it."""
    sizes = sorted({len(number) for number in numbers if len(number) >= 10})
    found = []
    for text in texts:
        for run in re.finditer(r"\d{7,9}", text):
            if run[0] in numbers:
                found.append(_around(text, run))
        plain = joined(text)
        for run in re.finditer(r"\d{10,}", plain):
            if any(
                run[0][at : at + size] in numbers for size in sizes for at in range(len(run[0]) - size + 1)
            ):
                found.append(_around(plain, run))
    return found


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 60) : found.end() + 20]
