"""The duplicate finder over a whole shop against pandas, which reads the same cards and merges them with themselves.

The peer knows no names that sound alike, no slips of the pen, no families and no reasons: it merges on number, on
WeChat id, and on name with birthday, and is what a person would write in an hour. Peak memory counts, too.
"""

from __future__ import annotations

import time
from pathlib import Path

from desktop_crm import duplicates
from desktop_crm.shop import Shop
from tests.benchmarks.runner import Case, Measured, Shops, Side

MOST = 6.0
MOST_MEMORY = 1.2


def cases(shops: Shops, customers: int) -> list[Case]:
    """The whole shop once."""
    large = str(shops.large(customers))
    return [
        Case(
            "duplicates of the whole shop",
            Side("duplicates.find", ("duplicates.find", large)),
            Side("pandas, three merges", ("duplicates.merges", large)),
            MOST,
            MOST_MEMORY,
            repeats=3,
        )
    ]


def find(folder: str) -> Measured:
    """Groups with reasons, and families."""
    shop = Shop.open(Path(folder))
    begin = time.perf_counter()
    found = duplicates.find(shop)
    seconds = time.perf_counter() - begin
    shop.close()
    if not found.groups:
        raise RuntimeError("nothing was found")
    return Measured(seconds)


def merges(folder: str) -> Measured:
    """Pairs of ids with one number, one WeChat id, or one name and birthday."""
    import pandas as pd  # its import is not measured: the program does not pay it either

    shop = Shop.open(Path(folder))
    begin = time.perf_counter()
    live = "SELECT * FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL"
    cards, phones = (
        pd.DataFrame.from_records(cursor.fetchall(), columns=[column[0] for column in cursor.description])
        for cursor in map(shop.db.execute, (live, "SELECT * FROM phones"))
    )
    phones = phones[phones["customer_id"].isin(cards["id"])].rename(columns={"id": "phone_id"})
    pairs = 0
    for frame, keys, own in (
        (phones, ["number"], "customer_id"),
        (cards[cards["wechat"] != ""], ["wechat"], "id"),
        (cards[cards["birthday"] != ""], ["name", "birthday"], "id"),
    ):
        small = frame[[own, *keys]]
        both = small.merge(small, on=keys)
        pairs += int((both[f"{own}_x"] < both[f"{own}_y"]).sum())
    seconds = time.perf_counter() - begin
    shop.close()
    if not pairs:
        raise RuntimeError("nothing was found")
    return Measured(seconds)


SIDES = {"find": find, "merges": merges}
