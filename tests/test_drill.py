"""The proof that the last backup can be opened; once a month it is reminded of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_crm import backup, customers, drill, passwords, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.drill import NothingToProve
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


def test_the_last_backup_is_opened_and_counted(sample_shop: Shop) -> None:
    made = backup.make(sample_shop, "manual")
    held = sample_shop.db.value("SELECT count(*) FROM customers")
    customers.add(sample_shop, CustomerDraft(name="王建国"))
    assert drill.last(sample_shop) is None
    proof = drill.run(sample_shop)
    assert proof == drill.last(sample_shop)
    assert (proof.is_good, proof.file, proof.at) == (True, made.name, "2026-11-21T02:00:00Z")
    assert proof.words == (
        f"It opened and holds {held} customers (now there are {held + 1}). 20 cards were read through."
    )


def test_a_few_cards_are_all_read(shop: Shop) -> None:
    for name in ("王建国", "李娜"):
        customers.add(shop, CustomerDraft(name=name))
    backup.make(shop, "manual")
    assert drill.run(shop).words.endswith("2 cards were read through.")


def test_a_protected_one_is_opened_with_the_present_keys(shop: Shop) -> None:
    own = passwords.set_first(shop, staff.add(shop, "老板", "owner"), "correct horse battery")
    backup.make(own, "manual")
    passwords.change_locks(own)
    assert drill.run(own).is_good


def test_a_bad_one_is_found(shop: Shop) -> None:
    made = backup.make(shop, "manual")
    whole = bytearray(made.read_bytes())
    whole[len(whole) // 2] ^= 255
    made.write_bytes(whole)
    proof = drill.run(shop)
    assert not proof.is_good
    assert "not a whole backup" in proof.words
    assert drill.last(shop) == proof


def test_nothing_to_prove(shop: Shop) -> None:
    with pytest.raises(NothingToProve, match="Make one first"):
        drill.run(shop)


def test_a_clerk_proves_nothing(shop: Shop) -> None:
    backup.make(shop, "manual")
    staff.add(shop, "老板", "owner")
    clerk = shop.at_counter(staff.add(shop, "店员", "clerk"))
    with pytest.raises(NotAllowed):
        drill.run(clerk)


def test_it_is_reminded_of_once_a_month(shop: Shop, clock: FixedClock) -> None:
    assert drill.reminder(shop) == "", "nothing to try out"
    backup.make(shop, "manual")
    assert drill.reminder(shop) == "", "a new shop is left alone"
    clock.instant += timedelta(days=32)
    assert "tried out" in drill.reminder(shop)
    assert drill.reminder(shop) == ""
    clock.instant += timedelta(days=32)
    assert "tried out" in drill.reminder(shop)
    clock.instant += timedelta(days=20)
    drill.run(shop)
    clock.instant += timedelta(days=30)
    assert drill.reminder(shop) == ""
    clock.instant += timedelta(days=2)
    assert "tried out" in drill.reminder(shop)
