"""Opening a locked shop: argon2id is meant to cost what it costs, everything besides it next to nothing."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from desktop_crm import passwords, staff
from desktop_crm.shop import Shop
from desktop_crm.store import seals
from tests.benchmarks.runner import Case, Measured, Shops, Side, timed

PASSWORD = "春风又绿 1995"


def cases(shops: Shops, _customers: int) -> list[Case]:
    """Opening with a password, against argon2id alone."""
    folder = shops.folder / "locked"
    if not folder.exists():
        with closing(Shop.create(folder, "locked")) as shop:
            passwords.set_first(shop, staff.add(shop, "王芳", "owner"), PASSWORD)
    return [
        Case(
            "opening a shop with a password",
            Side("Shop.open", ("keys.opening", str(folder))),
            Side("argon2id alone, t=3, 64 MiB, p=4", ("keys.argon2id",)),
            1.6,
            repeats=7,
        ),
    ]


def opening(folder: str) -> Measured:
    """The whole way in, and its parts: the password, and the rest as with the recovery code."""
    place = Path(folder)
    begin = time.perf_counter()
    shop = Shop.open(place, password=PASSWORD)
    seconds = time.perf_counter() - begin
    code = passwords.sheet(shop).code
    shop.close()
    begin = time.perf_counter()
    again = Shop.open(place, code=code)
    rest = time.perf_counter() - begin
    again.close()
    return Measured(seconds, {"opening without argon2id": rest})


def argon2id() -> Measured:
    """Trying one password at the cost that slots have."""
    return Measured(timed(seals.new_lock, PASSWORD))


SIDES = {"opening": opening, "argon2id": argon2id}
