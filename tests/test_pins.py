"""PINs: which are taken, who sets them, and how wrong ones are counted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import history, pins, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.records.audit import AuditEntry
from desktop_crm.records.pins import Pin
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@dataclass(frozen=True)
class People:
    """The shop with each of its people at the counter."""

    shop: Shop
    owner: Shop
    manager: Shop
    clerk: Shop

    def id(self, name: str) -> int:
        found: int | None = getattr(self, name).staff_id
        assert found is not None
        return found


@pytest.fixture
def people(shop: Shop) -> People:
    """An owner with a PIN, a manager and a clerk without."""
    ids = [staff.add(shop, "王芳", "owner"), staff.add(shop, "陈经理", "manager"), staff.add(shop, "小雅")]
    pins.put(shop, ids[0], "7306")
    return People(shop, *(shop.at_counter(each) for each in ids))


def newest(shop: Shop) -> AuditEntry:
    (found,) = shop.db.records(AuditEntry, "SELECT * FROM audit ORDER BY id DESC LIMIT 1")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "1234567",
        "12a4",
        "1111",
        "1234",
        "4321",
        "7890",
        "1212",
        "123123",
        "1999",
        "2580",
        "520131",
        "٣٤٥٦",
    ],
)
def test_what_is_guessed_first_is_refused(text: str) -> None:
    with pytest.raises(pins.PinNotUnderstood, match="Nothing was saved"):
        pins.checked(text)


@pytest.mark.parametrize(
    ("text", "digits"), [("7306", "7306"), (" 73064 ", "73064"), ("７３０６４８", "730648")]
)
def test_four_to_six_digits_are_a_pin(text: str, digits: str) -> None:
    assert pins.checked(text) == digits


def test_a_pin_tells_who_it_is_and_is_nowhere_to_be_read(people: People) -> None:
    pins.put(people.owner, people.id("clerk"), "4071")
    assert pins.check(people.shop, people.id("clerk"), "４０７１").name == "小雅"
    stored = people.shop.db.get(Pin, people.id("clerk"))
    assert stored is not None
    assert stored.hash.startswith("$argon2id$")
    assert pins.locked(people.shop) == frozenset()
    assert "4071" not in stored.hash
    assert pins.owners(people.shop) == {people.id("owner"), people.id("clerk")}
    assert newest(people.shop).action == "pin"
    assert "4071" not in str(newest(people.shop).details)


def test_setting_one_is_no_step_that_undo_could_take_back(people: People) -> None:
    before = len(history.steps(people.shop))
    pins.put(people.clerk, people.id("clerk"), "4071")
    assert len(history.steps(people.shop)) == before


def test_everybody_sets_their_own_and_those_below(people: People) -> None:
    for who, whose in (
        ("clerk", "clerk"),
        ("manager", "clerk"),
        ("manager", "manager"),
        ("owner", "manager"),
    ):
        pins.put(getattr(people, who), people.id(whose), "4071")
        pins.remove(getattr(people, who), people.id(whose))
    for who, whose in (("clerk", "manager"), ("clerk", "owner"), ("manager", "owner")):
        with pytest.raises(NotAllowed, match="may set this PIN"):
            pins.put(getattr(people, who), people.id(whose), "4071")
        with pytest.raises(NotAllowed):
            pins.remove(getattr(people, who), people.id(whose))


def test_an_owner_has_one_first_and_last(shop: Shop) -> None:
    clerk, owner = staff.add(shop, "小雅"), staff.add(shop, "王芳", "owner")
    with pytest.raises(pins.PinOfOwnerFirst):
        pins.put(shop, clerk, "4071")
    assert not pins.are_used(shop)
    pins.put(shop, owner, "7306")
    pins.put(shop, clerk, "4071")
    with pytest.raises(pins.PinOfOwnerFirst):
        pins.remove(shop, owner)
    pins.remove(shop, clerk)
    pins.remove(shop, owner)
    assert not pins.are_used(shop)


def test_who_has_none_and_who_left_are_told_so(people: People) -> None:
    for act in (
        lambda: pins.check(people.shop, people.id("clerk"), "4071"),
        lambda: pins.remove(people.shop, people.id("clerk")),
    ):
        with pytest.raises(pins.PinMissing, match="小雅 has no PIN yet"):
            act()
    staff.add(people.shop, "孙老板", "owner")
    staff.edit(people.shop, people.id("owner"), active=False)
    with pytest.raises(staff.StaffUnknown):
        pins.check(people.shop, people.id("owner"), "7306")
    assert pins.owners(people.shop) == frozenset()
    assert pins.wait_s(people.shop, people.id("clerk")) == 0
    assert not pins.is_locked(people.shop, people.id("clerk"))


def wrong(people: People, who: str) -> pins.PinWrong:
    with pytest.raises(pins.PinWrong) as caught:
        pins.check(people.shop, people.id(who), "0000")
    return caught.value


def test_wrong_ones_wait_longer_each_time_and_a_right_one_forgets_them(
    people: People, clock: FixedClock
) -> None:
    pins.put(people.shop, people.id("clerk"), "4071")
    assert [wrong(people, "clerk").wait_s for _try in range(3)] == [0, 0, 2]
    early = wrong(people, "clerk")
    assert early.wait_s == 2
    with pytest.raises(pins.PinWrong, match="in 2 seconds"):
        pins.check(people.shop, people.id("clerk"), "4071")  # the right one is not looked at either
    clock.instant += timedelta(seconds=2)
    assert wrong(people, "clerk").wait_s == 4
    clock.instant += timedelta(seconds=4)
    assert pins.check(people.shop, people.id("clerk"), "4071").name == "小雅"
    assert pins.wait_s(people.shop, people.id("clerk")) == 0
    assert wrong(people, "clerk").wait_s == 0, "the count began anew"
    assert newest(people.shop).action == "sign_in_failed"


def try_ten(people: People, who: str, clock: FixedClock) -> pins.PinWrong:
    for _try in range(pins.MOST):
        clock.instant += timedelta(minutes=2)
        last = wrong(people, who)
    return last


def test_after_ten_wrong_ones_only_a_new_pin_helps(people: People, clock: FixedClock) -> None:
    pins.put(people.shop, people.id("clerk"), "4071")
    assert isinstance(try_ten(people, "clerk", clock), pins.PinLocked)
    clock.instant += timedelta(days=400)
    with pytest.raises(pins.PinLocked, match="locked after 10 wrong tries"):
        pins.check(people.shop, people.id("clerk"), "4071")
    assert pins.is_locked(people.shop, people.id("clerk"))
    pins.put(people.manager, people.id("clerk"), "5193")
    assert pins.check(people.shop, people.id("clerk"), "5193").name == "小雅"


def test_an_owner_is_never_shut_out_for_good(people: People, clock: FixedClock) -> None:
    assert try_ten(people, "owner", clock).wait_s == 15 * 60
    assert not pins.is_locked(people.shop, people.id("owner"))
    clock.instant += timedelta(minutes=16)
    assert pins.check(people.shop, people.id("owner"), "7306").name == "王芳"


def test_a_clock_that_was_put_back_begins_the_wait_anew(people: People, clock: FixedClock) -> None:
    try_ten(people, "owner", clock)
    clock.instant -= timedelta(days=3)
    for _try in range(3):
        clock.instant -= timedelta(seconds=1)
        with pytest.raises(pins.PinWrong) as early:
            pins.check(people.shop, people.id("owner"), "7306")
        assert early.value.wait_s == 15 * 60
    clock.instant -= timedelta(seconds=1)
    assert pins.wait_s(people.shop, people.id("owner")) == 15 * 60
    clock.instant += timedelta(minutes=15)
    assert pins.wait_s(people.shop, people.id("owner")) == 0
    assert pins.check(people.shop, people.id("owner"), "7306").name == "王芳"


def test_a_restart_forgets_no_wrong_one(people: People, clock: FixedClock, tmp_path: Path) -> None:
    for _try in range(3):
        wrong(people, "owner")
    people.shop.settle()
    again = Shop.open(Path(shutil.copytree(people.shop.folder, tmp_path / "again")), clock)
    assert pins.wait_s(again, people.id("owner")) == 2
    again.close()


def test_a_hash_that_cannot_be_read_is_nobodys(people: People) -> None:
    with people.shop.upkeep():
        people.shop.db.execute("UPDATE pins SET hash = 'broken'")
    assert wrong(people, "owner").wait_s == 0


def test_who_was_never_on_the_staff_after_all_has_no_pin(shop: Shop) -> None:
    who = staff.add(shop, "王芳", "owner")
    pins.put(shop, who, "7306")
    history.undo(shop)
    assert not pins.are_used(shop)
    history.redo(shop)
    assert shop.db.get(Pin, who) is None
