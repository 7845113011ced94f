"""A change of locks that is cut short, meets a full disk or another program: nothing is lost, and the shop opens."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_crm import passwords, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.passwords import LocksChanged, PasswordWrong
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import key_file, keys, locks, relocking
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import DiskFull, KeyFileUnreadable, ShopBusy, ShopDamaged, ShopReadOnly
from desktop_crm.store.keys import Secret
from desktop_crm.store.rows import Database
from tests.lock_builders import CLERKS, OWNERS, cheap, opens, protect

pytestmark = pytest.mark.usefixtures(cheap.__name__)

ROWS = 3_000


def fill(shop: Shop) -> None:
    """Rows enough that a new secret takes a while to reach them all."""
    with shop.change("Many tags", {"tags"}):
        shop.db.insert_many(Tag, [Tag(0, f"tag {number} {'x' * 300}") for number in range(ROWS)])


def check_whole(folder: Path, password: str | None = None) -> Shop:
    """The shop opens, nothing is missing, and file and key file are in step."""
    shop = Shop.open(folder, password=password)
    assert shop.db.value("SELECT count(*) FROM tags") == ROWS
    assert shop.db.value("PRAGMA integrity_check") == "ok"
    assert shop.db.rows("PRAGMA cipher_integrity_check") == []
    assert shop.keys.in_use == shop.keys.secret
    assert key_file.bad_copies(folder) == []
    return shop


CHANGE = """
import sys
from pathlib import Path
from desktop_crm import passwords
from desktop_crm.shop import Shop
from desktop_crm.store import seals
seals.TIME_COST, seals.MEMORY_KIB, seals.LANES = 1, 64, 1
shop = Shop.open(Path(sys.argv[1]), password=sys.argv[2])
print("open", flush=True)
while True:
    passwords.change_locks(shop)
    print("changed", flush=True)
"""


def test_killed_inside_a_change_of_locks_nothing_is_lost(shop: Shop, tmp_path: Path) -> None:
    """A process changes the locks without end and is killed after a random number of them, at a random moment."""
    own, clerk = protect(shop)
    fill(own)
    own.close()
    chance, changed, cut, killed = random.Random(17), 0, 0, 0
    while killed < 8 or (cut < 3 and killed < 60):
        killed += 1
        process = subprocess.Popen(
            [sys.executable, "-c", CHANGE, str(own.folder), OWNERS], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        before = key_file.read(own.folder).sequence
        told = chance.randrange(3)
        for _line in range(told):
            assert process.stdout.readline() == "changed\n"
        time.sleep(chance.random() * 0.12)
        process.send_signal(signal.SIGKILL)
        told += len(process.communicate()[0].splitlines())
        file = key_file.read(own.folder)
        assert file.sequence >= before + told  # each that was acknowledged is there
        cut += file.sequence > before + told
        again = check_whole(own.folder, OWNERS)
        changed += told
        again.close()
    assert changed >= 4
    assert cut >= 3  # else nothing was killed inside
    assert opens(own, CLERKS) == clerk


def test_a_change_that_got_no_further_than_the_key_file_is_finished_at_the_next_start(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _clerk = protect(shop)
    fill(own)
    before = own.keys

    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(locks, "rekey", power_cut)
    with pytest.raises(KeyboardInterrupt):
        passwords.change_locks(own)
    monkeypatch.undo()
    own.close()
    assert key_file.read(own.folder).check != before.secret.check
    copy = keys.unlock(own.folder, password=OWNERS)
    assert copy.in_use == before.secret  # a copy of these files is read with what they have
    again = check_whole(own.folder, OWNERS)
    assert again.keys.secret != before.secret
    again.close()


def test_two_programs_that_finish_the_same_change_both_open_the_shop(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    own, _clerk = protect(shop)
    fill(own)

    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    real = locks.rekey
    monkeypatch.setattr(locks, "rekey", power_cut)
    with pytest.raises(KeyboardInterrupt):
        passwords.change_locks(own)
    own.close()

    def after_another(db: Database, folder: Path, secret: Secret) -> None:
        monkeypatch.setattr(locks, "rekey", real)
        Shop.open(folder, clock, password=CLERKS).close()
        real(db, folder, secret)

    monkeypatch.setattr(locks, "rekey", after_another)
    check_whole(own.folder, OWNERS).close()


def test_a_first_password_that_was_cut_short_is_finished_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = staff.add(shop, "王芳", "owner")
    fill(shop)

    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(locks, "rekey", power_cut)
    with pytest.raises(KeyboardInterrupt):
        passwords.set_first(shop, owner, OWNERS)
    monkeypatch.undo()
    shop.close()
    check_whole(shop.folder, OWNERS).close()


@contextmanager
def failing_rekey(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    """The file cannot be locked anew."""

    def fail(_db: Database, _folder: Path, _secret: Secret) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(locks, "rekey", fail)
        yield


def test_where_the_file_cannot_be_locked_anew_everything_stays(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clerk = protect(shop)
    fill(own)
    before, code = own.keys, passwords.sheet(own).code
    with failing_rekey(monkeypatch, DiskFull("full")), pytest.raises(DiskFull):
        passwords.change_locks(own)
    assert (own.keys.secret, own.keys.older, own.keys.in_use) == (before.secret, before.older, before.in_use)
    assert own.db.value("SELECT count(*) FROM tags") == ROWS
    staff.add(own, "Meimei")
    assert opens(own, CLERKS) == clerk
    Shop.open(own.folder, code=code).close()
    passwords.change_locks(own)
    own.close()
    check_whole(own.folder, OWNERS).close()


def test_where_not_even_the_key_file_can_be_put_back_the_shop_goes_on_and_the_next_start_finishes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clerk = protect(shop)
    fill(own)
    before, real = own.keys, key_file.write
    written: list[key_file.KeyFile] = []

    def once(folder: Path, file: key_file.KeyFile) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(file)
        real(folder, file)

    with failing_rekey(monkeypatch, DiskFull("full")), monkeypatch.context() as patch:
        patch.setattr(key_file, "write", once)
        with pytest.raises(DiskFull):
            passwords.change_locks(own)
        assert own.keys.secret != before.secret
        assert own.keys.in_use == before.secret
        with own.change("More", {"tags"}):
            own.db.delete(Tag, own.db.insert(Tag(0, "more")))
        again = Shop.open(own.folder, own.clock, password=OWNERS)  # the disk is full still: it opens as it is
        assert again.keys.in_use == before.secret
        again.close()
    own.close()
    check_whole(own.folder, CLERKS).close()
    assert opens(own, CLERKS) == clerk


def test_no_room_on_the_disk_is_said_before_anything_is_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _clerk = protect(shop)
    before, sequence = own.keys, key_file.read(own.folder).sequence
    usage = shutil.disk_usage(own.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1_000_000))
    with pytest.raises(DiskFull, match=r"\d+ MB more are needed"):
        passwords.change_locks(own)
    assert own.keys == before
    assert key_file.read(own.folder).sequence == sequence


def test_sqlcipher_that_does_not_say_why_it_failed_leaves_the_file(shop: Shop) -> None:
    own, _clerk = protect(shop)
    other = store_open.connect(own.folder, own.keys.database_key(), write=True)
    other.connection.execute("BEGIN IMMEDIATE")
    writer = own._connections.writing()
    writer.connection.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(ShopBusy):
        locks.rekey(writer, own.folder, keys.new_secret())
    other.connection.execute("ROLLBACK")
    other.close()
    own._connections.drop_writer()
    assert opens(own, OWNERS) == own.staff_id


def test_a_key_file_that_cannot_be_written_changes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clerk = protect(shop)
    sequence = own.keys.sequence

    def refused(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refused)
        with pytest.raises(ShopReadOnly):
            passwords.add_user(own, clerk, "red kettle")
        usage = shutil.disk_usage(own.folder)
        patch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=0))
        with pytest.raises(DiskFull):
            passwords.add_user(own, clerk, "red kettle")
    assert own.keys.sequence == sequence
    assert opens(own, CLERKS) == clerk


# ------------------------------------------------------------------------------------------- two programs


def test_another_program_that_has_the_shop_open_hears_of_new_locks_at_its_next_step(
    shop: Shop, clock: FixedClock
) -> None:
    own, _clerk = protect(shop)
    other = Shop.open(own.folder, clock, password=OWNERS)
    third = Shop.open(own.folder, clock, password=OWNERS)
    assert other.db.value("SELECT count(*) FROM staff") == 2
    reader = threading.Thread(target=lambda: third.db.value("SELECT 1"))  # as a window has them
    reader.start()
    reader.join()
    passwords.change_locks(third)
    for act in (
        lambda: other.db.value("SELECT count(*) FROM staff"),
        lambda: staff.add(other, "Meimei"),
        lambda: passwords.change(other, OWNERS, "my new one"),
    ):
        with pytest.raises(LocksChanged, match="another program"):
            act()
    for bulk in (False, True):
        with pytest.raises(LocksChanged), other.change("Add a tag", {"tags"}, bulk=bulk):
            pytest.fail("nobody gets in")
    other.close()
    assert third.db.value("SELECT count(*) FROM staff") == 2
    third.close()
    assert opens(own, OWNERS) == own.staff_id


def test_a_key_file_that_is_ahead_of_the_shop_file_is_written_by_nobody_else(shop: Shop) -> None:
    """Another program has written the new key file and not locked the shop file anew yet."""
    own, clerk = protect(shop)
    present, secret = key_file.read(own.folder), keys.new_secret()
    key_file.write(own.folder, key_file.stepped(keys.renewed(present, own.keys, secret), 0))
    with pytest.raises(LocksChanged):
        passwords.add_user(own, clerk, "red kettle")
    assert key_file.read(own.folder).check == secret.check
    own.close()
    assert opens(own, CLERKS) == clerk


def test_a_reader_that_connects_while_the_locks_change_tries_once_more(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _clerk = protect(shop)
    other = threading.Thread(target=lambda: own.db.value("SELECT 1"))  # so that it is not alone
    other.start()
    other.join()
    own._connections.drop_own_reader()
    real = store_open.connect
    changed: list[str] = []

    def meanwhile(folder: Path, key: str, *, write: bool, create: bool = False) -> Database:
        if not write and not changed:
            changed.append(key)
            relocking.renew(own._connections)
        return real(folder, key, write=write, create=create)

    monkeypatch.setattr(store_open, "connect", meanwhile)
    assert own.db.value("SELECT count(*) FROM staff") == 2
    assert changed == [own.keys.older[0].database_key()]


def test_locks_are_not_changed_under_another_program(shop: Shop, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    other = Shop.open(own.folder, clock, password=OWNERS)
    other.db.value("SELECT count(*) FROM staff")
    before = own.keys
    with pytest.raises(ShopBusy, match="locks cannot be changed now"):
        passwords.change_locks(own)
    assert own.keys == before
    other.close()
    passwords.change_locks(own)


def test_two_programs_that_give_passwords_lose_none(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    other = Shop.open(own.folder, clock, password=OWNERS)
    third = staff.add(own, "Meimei")
    passwords.add_user(own, third, "green kettle")
    passwords.add_user(other, clerk, "red kettle")
    assert opens(own, "green kettle") == third
    assert opens(own, "red kettle") == clerk
    assert own.keys.sequence < other.keys.sequence
    passwords.add_user(own, clerk, CLERKS)
    assert own.keys.sequence > other.keys.sequence
    other.close()


def test_a_key_file_that_goes_away_under_an_open_shop_is_no_change_of_locks(shop: Shop) -> None:
    own, _clerk = protect(shop)
    for name in keys.NAMES:
        (own.folder / name).unlink()
    assert not locks.were_changed(own.folder, own.keys)


# ------------------------------------------------------------------------------------------- older backups


def test_a_shop_file_from_before_the_locks_were_changed_opens_beside_the_present_key_file(
    shop: Shop, tmp_path: Path
) -> None:
    own, clerk = protect(shop)
    fill(own)
    own.close()
    older = Path(shutil.copytree(own.folder, tmp_path / "older"))
    again = Shop.open(own.folder, password=OWNERS)
    passwords.change_locks(again)
    passwords.change_locks(again)
    passwords.change(again, OWNERS, "a newer password")
    again.close()
    shutil.copyfile(older / "shop.db", own.folder / "shop.db")
    restored = check_whole(own.folder, "a newer password")
    restored.close()
    assert opens(own, CLERKS) == clerk
    with pytest.raises(PasswordWrong):
        opens(own, OWNERS)
    check_whole(older, OWNERS).close()  # with its own key file it opens with the password of then


def test_a_copy_opens_with_the_keys_of_the_shop_it_was_made_of(shop: Shop, tmp_path: Path) -> None:
    own, _clerk = protect(shop)
    fill(own)
    code = passwords.sheet(own).code
    own.close()
    older = Path(shutil.copytree(own.folder, tmp_path / "older"))
    again = Shop.open(own.folder, password=OWNERS)
    passwords.change_locks(again)
    known = keys.unlock(older, present=again.keys)
    copy = Shop.open_with(older, again.keys)
    assert (copy.keys.secret, copy.staff_id) == (known.secret, None)
    assert copy.db.value("SELECT count(*) FROM tags") == ROWS
    copy.close()
    assert keys.unlock(older, code=code).secret == known.secret
    assert keys.unlock(older, password=OWNERS).secret == known.secret
    again.close()


def test_the_keys_of_another_shop_open_no_copy(shop: Shop, tmp_path: Path, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    other = Shop.create(tmp_path / "other", "x", clock)
    with pytest.raises(passwords.PasswordNeeded):
        keys.unlock(own.folder, present=other.keys)
    with pytest.raises(passwords.PasswordNeeded):
        Shop.open_with(own.folder, other.keys)
    other.close()


def test_a_backup_from_before_the_owner_came_knows_the_owner_who_has_the_password(
    shop: Shop, tmp_path: Path, clock: FixedClock
) -> None:
    shop.close()
    older = Path(shutil.copytree(shop.folder, tmp_path / "older"))
    again = Shop.open(shop.folder, clock)
    own, clerk = protect(again)
    owner = own.staff_id
    own.close()
    shutil.copyfile(older / "shop.db", own.folder / "shop.db")
    with pytest.raises(passwords.UserGone, match="Li Lei is not on the staff"):
        opens(own, CLERKS, clerk)
    restored = Shop.open(own.folder, clock, password=OWNERS)
    assert restored.staff_id == owner
    assert [(member.name, member.role) for member in staff.listing(restored)] == [("王芳", "owner")]
    newcomer = staff.add(restored, "Meimei")
    restored.close()
    assert newcomer == clerk  # the number is given once more, but not the password
    with pytest.raises(PasswordWrong):
        opens(own, CLERKS)


def test_slots_follow_the_staff_of_a_backup(shop: Shop, tmp_path: Path, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    own.close()
    older = Path(shutil.copytree(own.folder, tmp_path / "older"))
    again = Shop.open(own.folder, clock, password=OWNERS)
    staff.edit(again, clerk, name="Li Leilei", role="manager")
    again.close()
    shutil.copyfile(older / "shop.db", own.folder / "shop.db")
    Shop.open(own.folder, clock, password=OWNERS).close()
    assert passwords.users(own.folder)[1] == passwords.User(clerk, "Li Lei", "clerk")
    assert opens(own, CLERKS) == clerk


def test_an_owner_who_is_a_clerk_in_a_backup_is_the_owner_again(
    shop: Shop, tmp_path: Path, clock: FixedClock
) -> None:
    owner = staff.add(shop, "王芳", "clerk")
    shop.close()
    older = Path(shutil.copytree(shop.folder, tmp_path / "older"))
    again = Shop.open(shop.folder, clock)
    staff.edit(again, owner, role="owner")
    passwords.set_first(again, owner, OWNERS)
    again.close()
    shutil.copyfile(older / "shop.db", shop.folder / "shop.db")
    restored = Shop.open(shop.folder, clock, password=OWNERS)
    assert "roles" in restored.rights
    restored.close()


def test_a_full_disk_keeps_nobody_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    own, _clerk = protect(shop)
    own.close()

    def full(*_arguments: object, **_named: object) -> None:
        raise DiskFull("full")

    for name in ("note", "state"):
        monkeypatch.setattr(locks, name, full if name == "note" else locks.state)
    monkeypatch.setattr("desktop_crm.store.audit.append", full)
    assert opens(own, OWNERS) == own.staff_id


def test_damage_is_told_as_before_to_who_reads_and_who_writes(shop: Shop) -> None:
    own, _clerk = protect(shop)
    fill(own)
    own.settle()
    own._connections.drop_writer()
    own.db.value("SELECT count(*) FROM sqlite_master")
    handle = os.open(own.folder / "shop.db", os.O_WRONLY)
    for place in range(4096, os.fstat(handle).st_size, 4096):
        os.pwrite(handle, bytes(64), place + 1000)
    with pytest.raises(ShopDamaged):  # in what a reader asks
        own.db.value("SELECT sum(length(name)) FROM tags")
    own._connections.drop_own_reader()
    os.pwrite(handle, bytes(64), 1000)
    with pytest.raises(ShopDamaged):  # when one connects
        own.db.value("SELECT sum(length(name)) FROM tags")
    with pytest.raises(ShopDamaged), own.change("Add a tag", {"tags"}):
        pytest.fail("nobody gets in")
    os.close(handle)


def test_both_copies_that_may_not_be_read(shop: Shop) -> None:
    own, _clerk = protect(shop)
    code = passwords.sheet(own).code
    own.close()
    for name in keys.NAMES:
        (own.folder / name).unlink()
        (own.folder / name).mkdir()
    with pytest.raises(KeyFileUnreadable):
        Shop.open(own.folder, password=OWNERS)
    Shop.open(own.folder, code=code).close()
