"""Shops with passwords for tests: an owner and a clerk who have one, and argon2id that costs next to nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_crm import passwords, staff
from desktop_crm.shop import Shop
from desktop_crm.store import seals

OWNERS = "春风又绿 1995"
CLERKS = "blue kettle"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New passwords take a millisecond to try, not a fifth of a second; how much they take stands in each slot."""
    for name, value in (("TIME_COST", 1), ("MEMORY_KIB", 64), ("LANES", 1)):
        monkeypatch.setattr(seals, name, value)


def protect(shop: Shop) -> tuple[Shop, int]:
    """The shop with an owner's password and that owner at the counter, and a clerk who has one, too."""
    owner = staff.add(shop, "王芳", "owner")
    clerk = staff.add(shop, "Li Lei", "clerk")
    own = passwords.set_first(shop, owner, OWNERS)
    passwords.add_user(own, clerk, CLERKS)
    return own, clerk


def opens(shop: Shop, password: str, user: str | int | None = None) -> int | None:
    """Who is at the counter when the shop is opened once more with this password."""
    again = Shop.open(shop.folder, shop.clock, password=password, user=user)
    staff_id = again.staff_id
    again.close()
    return staff_id


def labels(shop: Shop, action: str) -> list[str]:
    """What the audit trail says of this action, newest first."""
    return [
        str(details)
        for (details,) in shop.db.rows(
            "SELECT json_extract(details, '$.label') FROM audit WHERE action = ? ORDER BY id DESC", (action,)
        )
    ]


def copy_of(shop: Shop, place: Path) -> Path:
    """What a person would copy: the folder of the closed shop."""
    shop.close()
    return Path(shutil.copytree(shop.folder, place))
