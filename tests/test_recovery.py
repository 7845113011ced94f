"""The recovery sheet and the change of locks, as the window meets them."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from desktop_crm import audit_list, backup, passwords, restore, staff
from desktop_crm.base import recovery_code
from desktop_crm.base.clock import FixedClock
from desktop_crm.passwords import (
    CodeOld,
    CodeWrong,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileOld,
    OwnerNeeded,
    PasswordNeeded,
    PasswordWrong,
)
from desktop_crm.records.customers import Tag
from desktop_crm.rights import EVERY
from desktop_crm.shop import Shop
from desktop_crm.store import key_file, keys
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import ShopDamaged, ShopForeign
from tests.lock_builders import CLERKS, OWNERS, cheap, copy_of, labels, opens, protect

SHOPS = Path(__file__).parent / "data" / "shops"
pytestmark = pytest.mark.usefixtures(cheap.__name__)


# ------------------------------------------------------------------------------------------- the recovery sheet


def test_the_sheet_opens_the_shop_without_a_password(shop: Shop) -> None:
    own, _clerk = protect(shop)
    sheet = passwords.sheet(own)
    assert sheet.code == "-".join(sheet.groups)
    assert (sheet.shop_name, sheet.made_day) == ("星河手机店", own.today())
    again = Shop.open(own.folder, own.clock, code=sheet.code.lower().replace("-", " "))
    assert (again.staff_id, again.rights) == (own.staff_id, EVERY)
    assert labels(again, "recovery")[:2] == ["Shop opened with the recovery code", "Recovery sheet made"]
    passwords.add_user(again, own.staff_id or 0, "found again")
    again.close()
    assert opens(own, "found again") == own.staff_id


def test_the_sheet_is_proved_by_one_group_and_void_after_a_change_of_locks(shop: Shop) -> None:
    own, _clerk = protect(shop)
    groups = passwords.sheet(own).groups
    assert not passwords.is_proved(own)
    asked = {passwords.group_to_prove(own) for _number in range(200)}
    assert asked == {1, 2, 3, 4, 5, 6}
    assert not passwords.prove_sheet(own, 2, groups[2] if groups[2] != groups[1] else "")
    assert not passwords.is_proved(own)
    assert passwords.prove_sheet(own, 2, f" {groups[1].lower()} ")
    assert passwords.is_proved(own)
    again = Shop.open(own.folder, own.clock, password=OWNERS)
    assert passwords.is_proved(again)
    again.close()
    passwords.change_locks(own)
    assert not passwords.is_proved(own)


def test_a_wrong_code_opens_nothing_and_is_told_from_an_older_one(shop: Shop) -> None:
    own, _clerk = protect(shop)
    before = passwords.sheet(own).code
    strange = recovery_code.encode(bytes(range(16)))
    passwords.change_locks(own)
    present = passwords.sheet(own).code
    own.close()
    with pytest.raises(CodeOld, match="from before the locks"):
        Shop.open(own.folder, code=before)
    with pytest.raises(CodeWrong, match="not that of this shop"):
        Shop.open(own.folder, code=strange)
    with pytest.raises(CodeWrong, match="here are 3"):
        Shop.open(own.folder, code="abc")
    assert passwords.users(own.folder)
    Shop.open(own.folder, code=present).close()


@pytest.mark.parametrize("lost", ["gone", "damaged", "of another shop", "older"])
def test_the_shop_file_and_the_paper_are_enough(
    shop: Shop, tmp_path: Path, clock: FixedClock, lost: str
) -> None:
    older = [(shop.folder / name).read_bytes() for name in keys.NAMES]
    own, _clerk = protect(shop)
    code, shop_id = passwords.sheet(own).code, own.keys.shop_id
    own.close()
    if lost == "of another shop":
        other = Shop.create(tmp_path / "other", "x", clock)
        older = [(other.folder / name).read_bytes() for name in keys.NAMES]
        other.close()
        before, _owner = Shop.open(other.folder, clock), None
        protect(before)
        before.close()
        older = [(other.folder / name).read_bytes() for name in keys.NAMES]
    for name, content in zip(keys.NAMES, older, strict=True):
        (own.folder / name).unlink()
        if lost != "gone":
            (own.folder / name).write_bytes(b"{" if lost == "damaged" else content)
    if lost in ("gone", "damaged"):
        with pytest.raises((KeyFileMissing, KeyFileDamaged), match="recovery sheet"):
            Shop.open(own.folder, clock)
    if lost == "older":  # from before the first password: it would open without anything
        with pytest.raises(ShopForeign):
            Shop.open(own.folder, clock)
        for name in keys.NAMES:
            (own.folder / name).unlink()
    again = Shop.open(own.folder, clock, code=code)
    assert again.staff_id == own.staff_id
    assert again.keys.shop_id == shop_id
    assert passwords.users(own.folder) == []
    assert passwords.is_protected(own.folder)
    with pytest.raises(OwnerNeeded):
        passwords.add_user(again, _clerk, CLERKS)
    passwords.add_user(again, again.staff_id or 0, "found again")
    passwords.add_user(again, _clerk, CLERKS)
    again.close()
    assert opens(own, "found again") == own.staff_id
    assert (own.folder / "shop.keys.replaced").exists() == (lost not in ("gone", "older"))


def test_an_older_key_file_put_back_gives_way_to_the_sheet(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    older = [(own.folder / name).read_bytes() for name in keys.NAMES]
    passwords.remove_user(own, clerk)
    code = passwords.sheet(own).code
    own.close()
    for name, content in zip(keys.NAMES, older, strict=True):
        (own.folder / name).write_bytes(content)
    with pytest.raises(KeyFileOld):
        Shop.open(own.folder, clock, password=CLERKS)
    again = Shop.open(own.folder, clock, code=code)
    assert passwords.users(own.folder) == []  # those of then count no more, nor does the clerk's
    assert again.keys.older
    passwords.add_user(again, own.staff_id or 0, OWNERS)
    again.close()
    assert opens(own, OWNERS) == own.staff_id


def test_the_sheet_of_a_shop_without_password_finds_a_lost_key_file_again(shop: Shop) -> None:
    code = passwords.sheet(shop).code
    shop.close()
    for name in keys.NAMES:
        (shop.folder / name).unlink()
    again = Shop.open(shop.folder, shop.clock, code=code)
    assert again.staff_id == 0  # there is no owner yet; the sheet is the owner's
    owner = staff.add(again, "王芳", "owner")
    passwords.add_user(again, owner, OWNERS)
    again.close()
    assert opens(shop, OWNERS) == owner


def test_a_shop_of_an_older_version_gets_its_password_and_its_sheet(
    tmp_path: Path, clock: FixedClock
) -> None:
    """Its key file is of the first format, with a salt that does not follow from the secret."""
    with zipfile.ZipFile(SHOPS / "0003_imports.zip") as archive:
        archive.extractall(tmp_path / "shop")
    folder = next(path.parent for path in (tmp_path / "shop").rglob("shop.db"))
    shop = Shop.open(folder, clock)
    assert shop.keys.secret.salt != keys.secret_of(shop.keys.secret.value).salt
    code = passwords.sheet(shop).code
    shop.close()
    for name in keys.NAMES:
        (folder / name).rename(folder / f"{name}.away")
    Shop.open(folder, clock, code=code).close()
    for name in keys.NAMES:
        (folder / name).unlink()
    again = Shop.open(folder, clock, code=code)
    owner = staff.add(again, "New Owner", "owner")
    passwords.add_user(again, owner, OWNERS)
    again.close()
    assert opens(again, OWNERS) == owner


def test_a_damaged_shop_file_is_told_from_a_wrong_password(shop: Shop) -> None:
    own, _clerk = protect(shop)
    own.close()
    damaged = bytearray((own.folder / "shop.db").read_bytes())
    damaged[600:900] = bytes(300)
    (own.folder / "shop.db").write_bytes(damaged)
    with pytest.raises(PasswordWrong):
        Shop.open(own.folder, password="no")
    with pytest.raises(ShopDamaged, match="damaged"):
        Shop.open(own.folder, password=OWNERS)


def test_a_shop_file_without_its_first_bytes_opens_with_the_salt_of_the_key_file_and_of_the_sheet(
    shop: Shop, tmp_path: Path
) -> None:
    own, _clerk = protect(shop)
    code = passwords.sheet(own).code
    place = copy_of(own, tmp_path / "copy")
    content = bytearray((place / "shop.db").read_bytes())
    content[:16] = bytes(16)
    (place / "shop.db").write_bytes(content)
    Shop.open(place, password=OWNERS).close()
    (place / "shop.db").write_bytes(content)
    for name in keys.NAMES:
        (place / name).unlink()
    Shop.open(place, code=code).close()


# ------------------------------------------------------------------------------------------- changing the locks


def test_a_change_of_locks_keeps_the_passwords_and_voids_what_was_known(shop: Shop, tmp_path: Path) -> None:
    own, clerk = protect(shop)
    with own.change("Add a tag", {"tags"}):
        own.db.insert(Tag(0, "VIP"))
    before, code = own.keys, passwords.sheet(own).code
    passwords.change_locks(own)
    assert own.keys.secret != before.secret
    assert own.keys.older == (before.secret, *before.older)
    assert own.db.value("SELECT name FROM tags") == "VIP"
    assert opens(own, OWNERS) == own.staff_id
    assert opens(own, CLERKS) == clerk
    assert labels(own, "locks") == ["Locks of the shop changed"]
    place = copy_of(own, tmp_path / "copy")
    for name in keys.NAMES:
        (place / name).unlink()
    with pytest.raises(CodeWrong):  # the paper of before, and the file of today
        Shop.open(place, code=code)
    with pytest.raises((ShopDamaged, ShopForeign)):
        store_open.connect(place, before.secret.database_key(), write=False)


def test_readers_go_on_while_the_locks_change(shop: Shop) -> None:
    """A reader in the midst of something sees the shop as it was; its next question is asked with the new key."""
    own, _clerk = protect(shop)
    began, changed, seen = threading.Event(), threading.Event(), []

    def read() -> None:
        with own.reading() as db:
            seen.append(db.value("SELECT count(*) FROM staff"))
            began.set()
            changed.wait(20)
            seen.append(db.value("SELECT count(*) FROM staff"))
        seen.append(own.db.value("SELECT count(*) FROM staff"))
        with own.reading() as db:
            seen.append(db.value("SELECT count(*) FROM staff"))

    def idle() -> None:
        own.db.value("SELECT 1")
        changed.wait(20)
        with own.reading() as db:  # begun with the old key, before anything was read
            seen.append(db.value("SELECT count(*) FROM staff"))

    threads = [threading.Thread(target=target) for target in (read, idle)]
    for thread in threads:
        thread.start()
    began.wait(20)
    passwords.change_locks(own)
    staff.add(own, "Meimei")
    changed.set()
    for thread in threads:
        thread.join(20)
    assert sorted(seen) == [2, 2, 3, 3, 3]


def test_the_sign_in_stands_in_the_audit_list_in_words(shop: Shop) -> None:
    own, _clerk = protect(shop)
    at = Shop.open(own.folder, own.clock, password=CLERKS)
    found = audit_list.lines(at.at_counter(own.staff_id))
    assert any("Li Lei opened the shop" in str(line) for line in found)
    at.close()


def test_key_files_of_before_stay_small(shop: Shop) -> None:
    own, _clerk = protect(shop)
    for _number in range(3):
        passwords.change_locks(own)
    assert len(own.keys.older) == 4
    assert (own.folder / "shop.keys").stat().st_size < 8_000
    assert key_file.read(own.folder).sequence == own.keys.sequence


# ------------------------------------------------------------------------------------------- older backups


def restored(shop: Shop, file: Path, password: str) -> Shop:
    """The shop with a backup in its place."""
    prepared = restore.prepare(shop, file)
    shop.close()
    restore.carry_out(prepared)
    return Shop.open(shop.folder, shop.clock, password=password)


def test_older_backups_are_put_back_with_the_locks_of_today(shop: Shop) -> None:
    """From before the first password, from before the locks were changed, from before a password was."""
    files = [backup.make(shop, "manual")]
    own, clerk = protect(shop)
    files.append(backup.make(own, "manual"))
    passwords.change_locks(own)
    files.append(backup.make(own, "manual"))
    passwords.change(own, OWNERS, "a newer password")
    passwords.prove_sheet(own, 1, passwords.sheet(own).groups[0])
    sheet = passwords.sheet(own)
    for file in files:
        own = restored(own, file, "a newer password")
        assert own.staff_id is not None
        assert own.keys.in_use == own.keys.secret
        assert passwords.sheet(own) == sheet
        assert passwords.is_proved(own)
        assert opens(own, CLERKS) == clerk
        with pytest.raises(PasswordWrong):
            opens(own, OWNERS, "王芳")
    own.close()


def test_a_backup_elsewhere_opens_with_what_was_right_when_it_was_made(shop: Shop, tmp_path: Path) -> None:
    own, _clerk = protect(shop)
    code = passwords.sheet(own).code
    file = backup.make(own, "manual")
    passwords.change_locks(own)
    passwords.change(own, OWNERS, "a newer password")
    with pytest.raises(PasswordNeeded):
        restore.into_folder(file, tmp_path / "none", own.clock)
    with pytest.raises(PasswordWrong):
        restore.into_folder(file, tmp_path / "newer", own.clock, password="a newer password")
    for password, paper in ((OWNERS, None), (None, code)):
        place = tmp_path / ("by paper" if paper else "by password")
        folder = restore.into_folder(file, place, own.clock, password=password, code=paper)
        again = Shop.open(folder, own.clock, password=password, code=paper)
        assert again.staff_id == own.staff_id
        again.close()
