"""Backups on another disk: copied there and checked there, missed after a week, reminded of once a week."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import backup, customers, demo, profile, restore, second_place, settings, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.rights import NotAllowed
from desktop_crm.second_place import PlaceWrong
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, erased


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """A stick."""
    stick = tmp_path / "usb"
    stick.mkdir()
    return stick


def copied(shop: Shop, usb: Path) -> list[str]:
    """The copies that lie there, newest first."""
    place = second_place.own_folder(shop, usb)
    return sorted((each.name for each in place.iterdir() if each.name != "erased.json"), reverse=True)


def test_each_backup_is_copied_there(shop: Shop, usb: Path) -> None:
    first = backup.make(shop, "manual")
    assert second_place.state(shop) is None
    remark = second_place.choose(shop, usb)
    assert "same disk" in remark
    assert copied(shop, usb) == [first.name]
    customers.add(shop, CustomerDraft(name="王建国"))
    second = backup.make(shop, "close")
    assert copied(shop, usb) == [second.name, first.name]
    there = second_place.own_folder(shop, usb) / second.name
    assert there.read_bytes() == second.read_bytes()
    assert restore.verify(there) == 1
    known = second_place.state(shop)
    assert known is not None
    assert (known.folder, known.reached_at, known.is_late) == (usb, "2026-11-21T02:00:00Z", False)


def test_what_leaves_the_shop_stands_in_the_trail(shop: Shop, usb: Path) -> None:
    second_place.choose(shop, usb)
    backup.by_hand(shop, usb / "own.crmbackup")
    told = [
        json.loads(text)["label"]
        for (text,) in shop.db.rows("SELECT details FROM audit WHERE action = 'backup'")
    ]
    assert told == [f"Backups are copied to {usb} from now on", "Backup saved elsewhere as own.crmbackup"]


def test_the_rules_hold_there_too(shop: Shop, usb: Path) -> None:
    second_place.choose(shop, usb)
    profile.save(
        shop,
        {
            settings.BACKUPS_KEPT: 2,
            settings.BACKUP_DAYS: 0,
            settings.BACKUP_WEEKS: 0,
            settings.BACKUP_MONTHS: 0,
        },
    )
    made = [backup.make(shop, "manual") for _turn in range(4)]
    assert copied(shop, usb) == [made[3].name, made[2].name]


def test_a_stick_that_is_away_is_no_error_and_is_missed_after_a_week(
    shop: Shop, usb: Path, clock: FixedClock
) -> None:
    second_place.choose(shop, usb)
    shutil.move(usb, usb.parent / "away")
    for _day in range(7):
        assert second_place.state(shop).is_late is False  # type: ignore[union-attr]
        clock.instant += timedelta(days=1)
        backup.make(shop, "close")
    known = second_place.state(shop)
    assert known is not None
    assert (known.days_late, known.is_late) == (7, True)
    shutil.move(usb.parent / "away", usb)
    newest = backup.make(shop, "close")
    assert copied(shop, usb) == [newest.name], "the newest is what counts"
    assert second_place.state(shop).days_late == 0  # type: ignore[union-attr]


def test_the_empty_place_of_an_unplugged_stick_is_not_taken_for_it(shop: Shop, usb: Path) -> None:
    second_place.choose(shop, usb)
    shutil.rmtree(second_place.own_folder(shop, usb))
    backup.make(shop, "manual")
    assert not second_place.carry(shop)
    assert list(usb.iterdir()) == []


def test_what_is_half_there_is_copied_again(shop: Shop, usb: Path) -> None:
    made = backup.make(shop, "manual")
    second_place.choose(shop, usb)
    place = second_place.own_folder(shop, usb)
    (place / made.name).write_bytes(made.read_bytes()[:2000])
    (place / "000009-20261121T020000Z-close.crmbackup.part").write_bytes(b"half")
    assert second_place.carry(shop)
    assert copied(shop, usb) == [made.name]
    assert (place / made.name).read_bytes() == made.read_bytes()


def test_a_damaged_one_is_not_carried(shop: Shop, usb: Path) -> None:
    good = backup.make(shop, "manual")
    bad = backup.make(shop, "manual")
    bad.write_bytes(bad.read_bytes()[:2000])
    second_place.choose(shop, usb)
    assert copied(shop, usb) == [good.name]
    whole = bytearray(good.read_bytes())
    whole[len(whole) // 2] ^= 255
    good.write_bytes(whole)
    (second_place.own_folder(shop, usb) / good.name).unlink()
    assert not second_place.carry(shop), "damage inside is noticed when it is read back there"
    assert copied(shop, usb) == []


def test_one_whose_checksums_are_wrong_is_not_carried(shop: Shop, usb: Path) -> None:
    made = backup.make(shop, "manual")
    with zipfile.ZipFile(made) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    about = json.loads(held["about.json"])
    about["checksums"]["shop.db"] = "0" * 64
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in (held | {"about.json": json.dumps(about)}).items():
            archive.writestr(name, content)
    second_place.choose(shop, usb)
    assert copied(shop, usb) == []


def test_nothing_to_carry_yet(shop: Shop, usb: Path) -> None:
    second_place.choose(shop, usb)
    assert copied(shop, usb) == []
    assert not second_place.carry(shop)


def test_who_was_erased_goes_along_beside_who_was_erased_elsewhere(shop: Shop, usb: Path) -> None:
    second_place.choose(shop, usb)
    place, shop_id = second_place.own_folder(shop, usb), shop.keys.shop_id
    here, elsewhere = (erased.ErasedCard(number, shop.stamp(), shop.stamp()) for number in (7, 8))
    erased.add(place, shop_id, [elsewhere])
    erased.add(shop.folder / "backups", shop_id, [here])
    backup.make(shop, "manual")
    assert erased.read(place, shop_id) == {here, elsewhere}
    assert erased.read(shop.folder / "backups", shop_id) == {here}


def test_a_place_that_is_none(shop: Shop, usb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlaceWrong, match="within the shop"):
        second_place.choose(shop, shop.folder / "backups")
    (usb / "file").write_text("x")
    with pytest.raises(PlaceWrong, match="Nothing can be written"):
        second_place.choose(shop, usb / "file")
    assert second_place.state(shop) is None
    assert not second_place.carry(shop)


def test_it_is_given_up_and_what_lies_there_stays(shop: Shop, usb: Path) -> None:
    made = backup.make(shop, "manual")
    second_place.choose(shop, usb)
    second_place.give_up(shop)
    assert second_place.state(shop) is None
    backup.make(shop, "manual")
    assert copied(shop, usb) == [made.name]


def test_it_is_asked_for_once_a_week_until_there_is_one(shop: Shop, usb: Path, clock: FixedClock) -> None:
    assert "Choose a second place" in second_place.reminder(shop)
    assert second_place.reminder(shop) == ""
    clock.instant += timedelta(days=6, hours=23)
    assert second_place.reminder(shop) == ""
    clock.instant += timedelta(hours=2)
    assert "Choose a second place" in second_place.reminder(shop)
    clock.instant -= timedelta(days=60)
    assert "Choose a second place" in second_place.reminder(shop), (
        "a clock that went back does not silence it"
    )
    second_place.choose(shop, usb)
    clock.instant += timedelta(days=8)
    assert second_place.reminder(shop).startswith("No backup has reached the second place for 8 days")
    assert second_place.reminder(shop) == ""
    clock.instant += timedelta(days=8)
    second_place.carry(shop)
    backup.make(shop, "close")
    assert second_place.reminder(shop) == ""


def test_the_demo_is_not_asked(tmp_path: Path, clock: FixedClock) -> None:
    demo.make(tmp_path / "demo", customers=3, until=clock.now().date())
    shop = Shop.open(tmp_path / "demo", clock)
    assert second_place.reminder(shop) == ""
    shop.close()


def test_a_clerk_chooses_no_place(shop: Shop, usb: Path) -> None:
    staff.add(shop, "老板", "owner")
    clerk = shop.at_counter(staff.add(shop, "店员", "clerk"))
    with pytest.raises(NotAllowed):
        second_place.choose(clerk, usb)
    with pytest.raises(NotAllowed):
        second_place.give_up(clerk)


def test_another_disk_and_a_synced_folder_are_not_remarked_upon(
    shop: Shop, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = usb / "坚果云"
    synced.mkdir()
    assert second_place.choose(shop, synced) == ""


def test_memory_that_is_damaged_is_none(shop: Shop, usb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second_place.choose(shop, usb)
    memory = shop.folder / "backups" / "state.json"
    for content in ("{", "[]", '{"second": 5}'):
        memory.write_text(content)
        assert second_place.state(shop) is None

    def refuse(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr(second_place.backup_state.os, "replace", refuse)  # type: ignore[attr-defined]
    second_place.give_up(shop)
    assert not list((shop.folder / "backups").glob("*.new"))


def test_a_backup_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert backup_files.about(tmp_path / "nowhere.crmbackup") is None
