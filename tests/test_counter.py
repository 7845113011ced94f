"""Coming to the counter: what each has to type, and what is noted."""

from __future__ import annotations

import pytest

from desktop_crm import counter, passwords, pins, staff
from desktop_crm.records.audit import AuditEntry
from desktop_crm.settings import LOCK_MINUTES
from desktop_crm.shop import Shop

PASSWORD = "correct horse 47"


@pytest.fixture
def ids(shop: Shop) -> tuple[int, int, int]:
    """An owner, a manager, a clerk."""
    return staff.add(shop, "王芳", "owner"), staff.add(shop, "陈经理", "manager"), staff.add(shop, "小雅")


def proofs(shop: Shop, *, locked: bool = False) -> list[counter.Proof]:
    return [each.proof for each in counter.comers(shop, locked=locked)]


def noted(shop: Shop, count: int) -> list[tuple[str, int | None]]:
    rows = shop.db.records(AuditEntry, "SELECT * FROM audit ORDER BY id DESC LIMIT ?", (count,))
    return [(each.action, each.staff_id) for each in reversed(rows)]


def test_without_pins_and_passwords_everybody_is_chosen_by_name(
    shop: Shop, ids: tuple[int, int, int]
) -> None:
    for here in (None, *ids):
        assert proofs(shop.at_counter(here)) == ["nothing"] * 3
    assert counter.guard(shop) == counter.Guard(False, 10, False)
    assert counter.come(shop, ids[2]).name == "小雅"
    assert noted(shop, 1) == [("switch", ids[2])]
    with pytest.raises(staff.StaffUnknown):
        counter.come(shop, 99)


def test_with_pins_one_types_ones_own(shop: Shop, ids: tuple[int, int, int]) -> None:
    owner, manager, clerk = ids
    pins.put(shop, owner, "7306")
    pins.put(shop, clerk, "4071")
    here = shop.at_counter(clerk)
    assert proofs(here) == ["pin", "never", "pin"], "the manager may do more and cannot show who it is"
    assert proofs(shop.at_counter(owner)) == ["pin", "nothing", "pin"]
    assert proofs(shop.at_counter(owner), locked=True) == ["pin", "never", "pin"]
    with pytest.raises(counter.MayNotCome, match="陈经理"):
        counter.come(here, manager)
    with pytest.raises(pins.PinWrong):
        counter.come(here, owner, "4071")
    assert counter.come(here, owner, "7306").role == "owner"
    assert counter.guard(shop) == counter.Guard(True, 10, True)


def test_a_locked_screen_and_who_opens_it_are_noted(shop: Shop, ids: tuple[int, int, int]) -> None:
    owner, _manager, clerk = ids
    pins.put(shop, owner, "7306")
    pins.put(shop, clerk, "4071")
    here = shop.at_counter(clerk)
    counter.note_lock(here, by_itself=True)
    counter.come(here, clerk, "4071", locked=True)
    assert noted(shop, 2) == [("lock", clerk), ("unlock", clerk)]
    counter.note_lock(here, by_itself=False)
    counter.come(here, owner, "7306", locked=True)
    assert noted(shop, 3) == [("lock", clerk), ("unlock", owner), ("switch", owner)]


def test_with_a_password_one_types_that_or_the_pin(shop: Shop, ids: tuple[int, int, int]) -> None:
    owner, manager, clerk = ids
    kept = passwords.set_first(shop, owner, PASSWORD)
    here = kept.at_counter(clerk)
    assert proofs(here) == ["password", "never", "nothing"]
    assert proofs(here, locked=True) == ["password", "never", "never"]
    with pytest.raises(passwords.PasswordWrong):
        counter.come(here, owner, "wrong horse 47")
    assert counter.come(here, owner, PASSWORD).name == "王芳"
    pins.put(kept, manager, "4071")  # the owner has no PIN, but can always come by the password
    pins.put(kept, owner, "7306")
    assert counter.come(here, owner, "7306").name == "王芳"
    assert counter.come(here, owner, PASSWORD, locked=True).name == "王芳"
    assert counter.guard(kept) == counter.Guard(True, 10, False)


def test_an_owner_is_never_shut_out(shop: Shop, ids: tuple[int, int, int]) -> None:
    owner, _manager, clerk = ids
    pins.put(shop, owner, "7306")
    pins.put(shop, clerk, "4071")
    other = staff.add(shop, "孙老板", "owner")
    staff.edit(shop, owner, active=False)
    assert proofs(shop.at_counter(clerk), locked=True) == ["never", "pin", "nothing"]
    assert counter.come(shop.at_counter(clerk), other, locked=True).name == "孙老板"


def test_how_long_until_it_locks_is_a_setting(shop: Shop) -> None:
    with shop.change("Lock later", {"settings"}):
        shop.put(LOCK_MINUTES, 3)
    assert counter.guard(shop).minutes == 3
