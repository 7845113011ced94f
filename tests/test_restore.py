"""Coming back from a backup: what would be lost, into a folder, in the place of the shop; and no crash leaves a mixture."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import (
    audit,
    backup,
    customers,
    followups,
    history,
    integrity,
    passwords,
    person,
    restore,
    shops,
    staff,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import Cancelled
from desktop_crm.base.places import PlaceRefused
from desktop_crm.customers import CustomerDraft
from desktop_crm.restore import FolderTaken, OtherKeys, OtherShop
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, folders, swap
from desktop_crm.store.backup_files import BackupDamaged
from desktop_crm.store.errors import (
    DiskFull,
    PasswordNeeded,
    PasswordWrong,
    ShopBusy,
    ShopUnreachable,
    TooManyTries,
)


def names(shop: Shop) -> list[str]:
    """Everybody on a card."""
    return [name for (name,) in shop.db.rows("SELECT name FROM customers ORDER BY id")]


def replaced(shop: Shop, made: Path) -> tuple[Shop, Path]:
    """The shop after a backup took its place, opened again; and where the old one lies."""
    prepared = restore.prepare(shop, made)
    shop.close()
    over = restore.carry_out(prepared)
    return Shop.open(shop.folder, shop.clock), over


# ------------------------------------------------------------------------------------------- what would be lost


def test_what_would_be_lost_is_told_by_noun(shop: Shop, clock: FixedClock) -> None:
    first = customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    for number in range(12):
        followups.plan(shop, first, shop.today() + timedelta(days=number), "新机")
    customers.add(shop, CustomerDraft(name="李娜"))
    clock.instant += timedelta(hours=1)
    customers.edit(shop, first, note="改过")
    shown = restore.preview(shop, made)
    assert shown.is_same_shop
    assert shown.is_earlier
    assert shown.lost == {"customers": 1, "followups": 12}
    assert (shown.steps, shown.latest_at) == (14, "2026-11-21T03:00:00Z")
    assert shown.about.rows["customers"] == 1
    assert shown.now["customers"] == 2
    assert (
        restore.lost_words(shown) == "What came since would be lost: 1 customer, 12 follow-ups, in 14 steps."
    )


def test_the_words_of_every_noun() -> None:
    assert [restore.noun_words(noun, 2) for noun in restore.NOUNS] == [
        "2 customers", "2 sales", "2 contacts", "2 follow-ups", "2 complaints", "2 notes",
    ]  # fmt: skip


def test_nothing_lost_and_only_edits_lost(shop: Shop) -> None:
    first = customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    assert restore.lost_words(restore.preview(shop, made)).startswith("Nothing would be lost")
    customers.edit(shop, first, note="改过")
    assert restore.lost_words(restore.preview(shop, made)) == (
        "1 step since would be lost; nothing new was entered in it."
    )


def test_deleted_cards_are_not_counted_and_named(shop: Shop, clock: FixedClock) -> None:
    ids = [customers.add(shop, CustomerDraft(name=name)) for name in ("王建国", "李娜", "张强", "赵雷")]
    customers.delete(shop, ids[:1])
    made = backup.make(shop, "manual")
    clock.instant += timedelta(minutes=1)
    customers.delete(shop, ids[1:3])
    new = customers.add(shop, CustomerDraft(name="孙丽"))
    customers.delete(shop, [new])
    shown = restore.preview(shop, made)
    assert (shown.held("customers"), shown.now["customers"], shown.deleted) == (3, 1, 2)
    assert restore.lost_words(shown).endswith("in 3 steps. 2 cards were deleted since; they would be back.")
    assert [copy.cards for copy in backup.copies(shop)] == [3]
    assert restore.verify(made, shop) == 3
    rewrite(made, lambda about: {key: about[key] for key in ("made_at", "why", "shop_id", "rows")})
    shown = restore.preview(shop, made)
    assert (shown.held("customers"), shown.deleted) == (4, 2)


def test_a_backup_of_an_older_version_says_less_and_is_compared_by_its_counts(shop: Shop) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    rewrite(made, lambda about: {key: about[key] for key in ("made_at", "why", "shop_id", "rows")})
    customers.add(shop, CustomerDraft(name="李娜"))
    shown = restore.preview(shop, made)
    assert (shown.is_earlier, shown.lost, shown.steps) == (True, {"customers": 1}, 1)
    assert restore.verify(made, shop) == 1


def rewrite(made: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Let a backup say something else of itself."""
    import zipfile

    with zipfile.ZipFile(made) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held["about.json"] = json.dumps(change(json.loads(held["about.json"]))).encode()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)


def test_what_went_separate_ways_cannot_be_compared(shop: Shop, clock: FixedClock) -> None:
    old = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="王建国"))
    newer = backup.make(shop, "manual")
    again, _over = replaced(shop, old)
    clock.instant += timedelta(hours=1)
    customers.add(again, CustomerDraft(name="李娜"))
    shown = restore.preview(again, newer)
    assert (shown.is_same_shop, shown.is_earlier, shown.lost) == (True, False, {})
    assert "separate ways" in restore.lost_words(shown)
    again.close()


# ------------------------------------------------------------------------------------------- in the place of the shop


def test_a_backup_takes_the_place_of_the_shop_and_back_again(shop: Shop, clock: FixedClock) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="李娜"))
    clock.instant += timedelta(minutes=5)
    again, over = replaced(shop, made)
    assert names(again) == ["王建国"]
    assert integrity.check(again) == []
    assert over.parent == again.folder / "replaced"
    told = restore.last(again)
    assert told is not None
    assert (told.at, told.source, told.over) == ("2026-11-21T02:05:00Z", made.name, str(over))
    # undone: the backup made just before holds what was replaced, and so does the folder it was put into
    assert [each.why for each in backup.listing(again)] == ["restore", "manual"]
    old = Shop.open(over, clock)
    assert names(old) == ["王建国", "李娜"]
    old.close()
    back, _over = replaced(again, backup.listing(again)[0].path)
    assert names(back) == ["王建国", "李娜"]
    # and redone
    once_more, _over = replaced(back, made)
    assert names(once_more) == ["王建国"]
    customers.add(once_more, CustomerDraft(name="赵敏"))
    history.undo(once_more)
    once_more.close()
    assert len(list((shop.folder / "replaced").iterdir())) == 3
    assert not list(shop.folder.glob(".restored-*"))


def test_what_was_replaced_is_kept_three_times(shop: Shop) -> None:
    made = backup.make(shop, "manual")
    current = shop
    for _turn in range(5):
        current, over = replaced(current, made)
    kept = sorted(each.name[:4] for each in over.parent.iterdir())
    assert kept == ["0003", "0004", "0005"]
    current.close()


def test_restoring_pushes_no_backup_out(shop: Shop) -> None:
    from desktop_crm import settings

    with shop.change("Settings", {"settings"}):
        for setting, value in (
            (settings.BACKUPS_KEPT, 2), (settings.BACKUP_DAYS, 0), (settings.BACKUP_WEEKS, 0), (settings.BACKUP_MONTHS, 0),
        ):  # fmt: skip
            shop.put(setting, value)
    first, second = backup.make(shop, "manual"), backup.make(shop, "manual")
    current = shop
    for number in range(4):
        customers.add(current, CustomerDraft(name=f"王{number}"))
        current, _over = replaced(current, second)
    left = backup.listing(current)
    assert [each.path for each in left if each.why == "manual"] == [second, first]
    assert [each.why for each in left].count("restore") == 4
    backup.make(current, "manual")
    assert [each.why for each in backup.listing(current)] == ["manual", "restore", "restore", "manual"]
    current.close()


def test_the_restore_stands_in_the_trail_of_the_restored_shop(shop: Shop) -> None:
    staff.add(shop, "老板", "owner")
    made = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="王建国"))
    left = audit.anchor(shop)
    again, _over = replaced(shop.at_counter(1), made)
    (entry,) = again.db.rows("SELECT staff_id, details FROM audit WHERE action = 'restore'")
    assert entry[0] == 1
    assert json.loads(entry[1])["left"] == left
    assert audit.verify(again).is_whole
    again.close()


def test_a_clerk_may_not_come_near(shop: Shop) -> None:
    staff.add(shop, "老板", "owner")
    clerk = staff.add(shop, "店员", "clerk")
    made = backup.make(shop, "manual")
    own = shop.at_counter(clerk)
    for refused in (
        lambda: restore.preview(own, made),
        lambda: restore.prepare(own, made),
        lambda: restore.verify(made, own),
        lambda: restore.into_folder(made, shop.folder.parent / "x", present=own),
        lambda: backup.by_hand(own),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert not (shop.folder.parent / "x").exists()


def test_a_backup_of_another_shop_is_refused(shop: Shop, tmp_path: Path, clock: FixedClock) -> None:
    other = Shop.create(tmp_path / "other", "别家", clock)
    made = backup.make(other, "manual")
    other.close()
    shown = restore.preview(shop, made)
    assert not shown.is_same_shop
    with pytest.raises(OtherShop, match="folder of its own"):
        restore.prepare(shop, made)
    assert restore.into_folder(made, tmp_path / "back", clock) == tmp_path / "back"


def test_a_damaged_backup_changes_nothing(shop: Shop) -> None:
    made = backup.make(shop, "manual")
    whole = bytearray(made.read_bytes())
    whole[len(whole) // 2] ^= 255
    made.write_bytes(whole)
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        restore.prepare(shop, made)
    made.write_bytes(b"no zip")
    with pytest.raises(BackupDamaged):
        restore.preview(shop, made)
    assert not list(shop.folder.glob(".restored-*"))


def test_cancelling_leaves_nothing_behind(shop: Shop) -> None:
    made = backup.make(shop, "manual")

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        restore.prepare(shop, made, stop)
    assert not list(shop.folder.glob(".restored-*"))


def test_it_waits_for_nobody_who_has_the_shop_open(shop: Shop, clock: FixedClock) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    prepared = restore.prepare(shop, made)
    beside = Shop.open(shop.folder, clock)
    assert names(beside) == ["王建国"]
    shop.close()
    with pytest.raises(ShopBusy):
        restore.carry_out(prepared)
    assert not prepared.files.exists()
    customers.add(beside, CustomerDraft(name="李娜"))
    assert names(beside) == ["王建国", "李娜"]
    beside.close()


def test_what_somebody_saved_meanwhile_is_not_replaced(shop: Shop, clock: FixedClock) -> None:
    made = backup.make(shop, "manual")
    prepared = restore.prepare(shop, made)
    shop.close()
    beside = Shop.open(shop.folder, clock)
    customers.add(beside, CustomerDraft(name="李娜"))
    beside.close()
    with pytest.raises(ShopBusy, match="saved"):
        restore.carry_out(prepared)
    assert not prepared.files.exists()


def test_who_holds_the_old_file_open_writes_nothing_into_it(shop: Shop, clock: FixedClock) -> None:
    made = backup.make(shop, "manual")
    prepared = restore.prepare(shop, made)
    swap.begin(shop.folder, prepared.files, "20261121T020000Z")
    with pytest.raises(ShopUnreachable, match="no longer where it was"):
        customers.add(shop, CustomerDraft(name="李娜"))
    again = Shop.open(shop.folder, clock)
    assert names(again) == []
    again.close()


# ------------------------------------------------------------------------------------------- crashes in the middle


class Crash(BaseException):
    """The power went."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Let the step number `at` of the swap (a rename, a sync, a removal) crash; answers how many there were."""
    seen = 0

    def count(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **kwargs: object) -> object:
            nonlocal seen
            seen += 1
            if seen == at:
                raise Crash
            return real(*args, **kwargs)

        return step

    monkeypatch.setattr(os, "replace", count(os.replace))
    monkeypatch.setattr(shutil, "rmtree", count(shutil.rmtree))
    monkeypatch.setattr(folders, "sync", count(folders.sync))
    monkeypatch.setattr(Path, "unlink", count(Path.unlink))
    return lambda: seen


def test_a_crash_anywhere_leaves_the_one_or_the_other(
    tmp_path: Path, template: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Path(shutil.copytree(template, tmp_path / "begun"))
    shop = Shop.open(begun, clock)
    customers.add(shop, CustomerDraft(name="早"))
    made = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="晚"))
    prepared = restore.prepare(shop, made)
    shop.close()
    ends: set[str] = set()
    for at in range(1, 60):
        folder = Path(shutil.copytree(begun, tmp_path / f"crash-{at}"))
        with monkeypatch.context() as patch:
            steps = crashing(patch, at)
            with suppress(Crash):
                swap.begin(folder, folder / prepared.files.name, "20261121T020000Z")
        again = Shop.open(folder, clock)
        found = names(again)
        assert found in (["早"], ["早", "晚"])
        assert integrity.check(again) == []
        ends.add(found[-1])
        again.close()
        shutil.rmtree(folder)
        if steps() < at:
            break
    assert at > 15, "each step was crashed once"
    assert ends == {"早", "晚"}


def test_nothing_is_finished_where_nothing_was_begun(shop: Shop) -> None:
    assert not swap.finish(shop.folder)
    for garbage in ("", "[]", '{"prepared": 1}'):
        (shop.folder / swap.MARK).write_text(garbage)
        assert not swap.finish(shop.folder)
    customers.add(shop, CustomerDraft(name="王建国"))


# ------------------------------------------------------------------------------------------- passwords and people


@pytest.fixture
def protected(shop: Shop) -> Shop:
    """A shop with a password of its owner, and a backup from before that."""
    owner = staff.add(shop, "老板", "owner")
    backup.make(shop, "manual")
    return passwords.set_first(shop, owner, "correct horse battery")


def test_the_present_password_opens_what_was_restored_from_before_it(
    protected: Shop, clock: FixedClock
) -> None:
    (unprotected,) = backup.listing(protected)
    prepared = restore.prepare(protected, unprotected.path)
    protected.close()
    restore.carry_out(prepared)
    with pytest.raises(PasswordNeeded):
        Shop.open(protected.folder, clock)
    again = Shop.open(protected.folder, clock, password="correct horse battery")
    assert again.staff_id == 1
    assert integrity.check(again) == []
    again.close()


def test_nobody_is_locked_out_by_a_backup_from_before_they_came(shop: Shop, clock: FixedClock) -> None:
    early = backup.make(shop, "manual")
    owner = staff.add(shop, "老板", "owner")
    own = passwords.set_first(shop, owner, "correct horse battery")
    clerk = staff.add(own, "店员", "clerk")
    passwords.add_user(own, clerk, "another long password")
    staff.edit(own, clerk, name="店员", role="manager", active=True)
    prepared = restore.prepare(own, early)
    own.close()
    restore.carry_out(prepared)
    for user, word in ((owner, "correct horse battery"), (clerk, "another long password")):
        again = Shop.open(shop.folder, clock, password=word, user=user)
        assert again.staff_id == user
        again.close()
    again = Shop.open(shop.folder, clock, password="correct horse battery")
    assert [member.role for member in staff.listing(again)] == ["owner", "manager"]
    again.close()


def test_a_role_that_was_given_since_is_kept_and_the_sheet_stays_proved(
    protected: Shop, clock: FixedClock
) -> None:
    clerk = staff.add(protected, "店员", "clerk")
    passwords.add_user(protected, clerk, "another long password")
    made = backup.make(protected, "manual")
    staff.edit(protected, clerk, name="店长", role="manager", active=True)
    assert passwords.prove_sheet(protected, 1, passwords.sheet(protected).groups[0])
    prepared = restore.prepare(protected, made)
    protected.close()
    restore.carry_out(prepared)
    again = Shop.open(protected.folder, clock, password="another long password", user="店长")
    assert again.may("merge")
    assert passwords.is_proved(again)
    assert [user.role for user in passwords.users(again.folder)] == ["owner", "manager"]
    again.close()


def test_a_restore_over_changed_locks_opens_with_the_new_ones(protected: Shop, clock: FixedClock) -> None:
    customers.add(protected, CustomerDraft(name="王建国"))
    made = backup.make(protected, "manual")
    passwords.change_locks(protected)
    again, _over = None, None
    prepared = restore.prepare(protected, made)
    protected.close()
    restore.carry_out(prepared)
    again = Shop.open(protected.folder, clock, password="correct horse battery")
    assert names(again) == ["王建国"]
    assert again.keys.in_use == again.keys.secret
    again.close()


def test_a_protected_backup_needs_its_password_in_a_new_folder(
    protected: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    made = backup.make(protected, "manual")
    assert [each.is_protected for each in backup.copies(protected)] == [True, False]
    with pytest.raises(PasswordNeeded):
        restore.into_folder(made, tmp_path / "a", clock)
    assert [each.name for each in (tmp_path / "a").iterdir()] == []
    with pytest.raises(PasswordNeeded):
        restore.verify(made)
    assert restore.verify(made, protected) == 0
    folder = restore.into_folder(made, tmp_path / "a", clock, password="correct horse battery")
    again = Shop.open(folder, clock, password="correct horse battery")
    assert again.keys.shop_id == protected.keys.shop_id
    again.close()
    restore.into_folder(made, tmp_path / "b", clock, present=protected)


def test_guessing_the_password_of_a_backup_is_throttled(
    protected: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    made = backup.make(protected, "manual")
    for number in range(5):
        with pytest.raises(PasswordWrong):
            restore.into_folder(made, tmp_path / "a", clock, password=f"wrong {number}")
    with pytest.raises(TooManyTries):
        restore.into_folder(made, tmp_path / "a", clock, password="correct horse battery")
    assert passwords.wait_s(protected.folder, None, clock) == 0  # the shop itself opens
    clock.instant += timedelta(minutes=1)
    restore.into_folder(made, tmp_path / "a", clock, password="correct horse battery")


def test_a_backup_that_no_known_key_opens_says_where_its_password_is_asked_for(
    protected: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    made = backup.make(protected, "manual")
    passwords.change_locks(protected)
    code = passwords.sheet(protected).code
    protected.close()
    for name in ("shop.keys", "shop.keys.copy"):
        (protected.folder / name).unlink()
    again = Shop.open(protected.folder, clock, code=code)
    for refused in (
        lambda: restore.prepare(again, made),
        lambda: restore.verify(made, again),
    ):
        with pytest.raises(OtherKeys, match="its password is asked for"):
            refused()
    with pytest.raises(PasswordNeeded):
        restore.into_folder(made, tmp_path / "x", present=again)
    assert not list(again.folder.glob(".restored-*"))
    again.close()
    restore.into_folder(made, tmp_path / "x", clock, password="correct horse battery")


# ------------------------------------------------------------------------------------------- who was erased


def test_who_was_erased_stays_erased(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    gone = customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    person.erase(shop, gone)
    shutil.copytree(shop.folder / "backups", tmp_path / "usb")
    again, _over = replaced(shop, made)
    assert "王建国" not in names(again)
    again.close()
    folder = restore.into_folder(tmp_path / "usb" / made.name, tmp_path / "back", clock)
    elsewhere = Shop.open(folder, clock)
    assert "王建国" not in names(elsewhere)
    elsewhere.close()


def test_backups_of_a_restored_shop_are_numbered_above_those_beside_it(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    older = backup.make(shop, "manual")
    backup.make(shop, "manual")
    again = Shop.open(restore.into_folder(older, tmp_path / "back", clock), clock)
    assert [backup.make(again, "manual").name[:6] for _turn in range(2)] == ["000003", "000004"]
    again.close()


def test_a_backup_saved_elsewhere_brings_nobody_back(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    gone = customers.add(shop, CustomerDraft(name="王建国"))
    (tmp_path / "usb").mkdir()
    made = backup.by_hand(shop, tmp_path / "usb" / "copy.crmbackup")
    person.erase(shop, gone)
    again = Shop.open(restore.into_folder(made, tmp_path / "open", clock, present=shop), clock)
    assert names(again) == ["Erased customer"]
    again.close()
    shops.remember(shop.folder, is_demo=False)
    shop.close()
    again = Shop.open(restore.into_folder(made, tmp_path / "used last", clock), clock)
    assert names(again) == ["Erased customer"]
    again.close()


def test_a_newer_backup_beside_it_says_who_was_erased_since(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    gone = customers.add(shop, CustomerDraft(name="王建国"))
    usb = tmp_path / "usb"
    usb.mkdir()
    older = backup.by_hand(shop, usb / backup.make(shop, "manual").name)
    person.erase(shop, gone)
    newer = backup.by_hand(shop, usb / backup.make(shop, "manual").name)
    said = backup_files.about(newer)
    assert said is not None
    assert [card[0] for card in said.erased] == [gone]
    assert "王建国" not in json.dumps(list(said.erased), ensure_ascii=False)
    assert not (usb / "erased.json").exists()
    again = Shop.open(restore.into_folder(older, tmp_path / "back", clock), clock)
    assert names(again) == ["Erased customer"]
    again.close()


def test_the_erased_of_another_shop_are_nobody_here(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.by_hand(shop, tmp_path / "copy.crmbackup")
    other = Shop.create(tmp_path / "other", "别家", clock)
    person.erase(other, customers.add(other, CustomerDraft(name="李娜")))
    backup.by_hand(other, tmp_path / backup.make(other, "manual").name)
    again = Shop.open(restore.into_folder(made, tmp_path / "back", clock, present=other), clock)
    assert names(again) == ["王建国"]
    again.close()
    other.close()


def test_a_list_of_the_erased_that_is_damaged_brings_nobody_back(shop: Shop) -> None:
    gone = customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    person.erase(shop, gone)
    (shop.folder / "backups" / "erased.json").write_text("{")
    again, _over = replaced(shop, made)
    assert names(again) == ["Erased customer"]
    again.close()


def test_who_is_erased_is_in_no_replaced_shop_either(shop: Shop) -> None:
    gone = customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="李娜"))
    again, over = replaced(shop, made)
    assert over.is_dir()
    assert [each for each in person.preview(again, gone).cautions if "thrown away" in each]
    person.erase(again, gone)
    later = customers.add(again, CustomerDraft(name="赵敏"))
    assert person.preview(again, later).cautions == ()
    assert not over.exists()
    newest = backup.listing(again)[0]
    assert newest.why == "restore"
    back, _over = replaced(again, newest.path)
    assert names(back) == ["Erased customer", "李娜"]
    back.close()


# ------------------------------------------------------------------------------------------- into a folder


def test_restoring_never_touches_a_shop(shop: Shop, tmp_path: Path) -> None:
    made = backup.make(shop, "manual")
    with pytest.raises(FolderTaken, match="left as it was"):
        restore.into_folder(made, shop.folder)
    with pytest.raises(backup.BackupMissing, match="Nothing was changed"):
        restore.into_folder(tmp_path / "nowhere", tmp_path / "back")
    (tmp_path / "坚果云").mkdir()
    with pytest.raises(PlaceRefused):
        restore.into_folder(made, tmp_path / "坚果云" / "shop")


@pytest.mark.parametrize(
    "damage", [lambda b: b[:200], lambda b: b"no zip", lambda b: b[:-5000] + bytes(3000) + b[-2000:]]
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    shop: Shop, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    made = backup.make(shop, "manual")
    made.write_bytes(damage(made.read_bytes()))
    with pytest.raises(BackupDamaged, match="older backup"):
        restore.into_folder(made, tmp_path / "back")
    assert list((tmp_path / "back").iterdir()) == []


def test_a_backup_whose_rows_are_not_what_it_says_is_refused(shop: Shop, tmp_path: Path) -> None:
    made = backup.make(shop, "manual")
    rewrite(made, lambda about: about | {"rows": {"customers": 7}})
    with pytest.raises(BackupDamaged):
        restore.into_folder(made, tmp_path / "back")
    rewrite(made, lambda about: about | {"rows": {}, "checksums": {"shop.db": "0" * 64}})
    with pytest.raises(BackupDamaged):
        restore.into_folder(made, tmp_path / "back")


def test_no_room_to_unpack_is_said(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = backup.make(shop, "manual")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        restore.into_folder(made, tmp_path / "back")
    assert list((tmp_path / "back").iterdir()) == []
