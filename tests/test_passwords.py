"""Passwords, as the window and the command line meet them; the recovery sheet is in test_recovery.py."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from desktop_crm import audit, history, passwords, roles, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.passwords import (
    KeyFileOld,
    NotProtected,
    OwnerNeeded,
    PasswordNeeded,
    PasswordSet,
    PasswordWeak,
    PasswordWrong,
    TooManyTries,
    User,
    UserGone,
)
from desktop_crm.rights import EVERY, NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.store import connections, key_file, keys, tries
from desktop_crm.store.connections import Connections
from desktop_crm.store.errors import DiskFull, ShopForeign
from desktop_crm.store.rows import known_failures
from tests.lock_builders import CLERKS, OWNERS, cheap, copy_of, labels, opens, protect

SHOPS = Path(__file__).parent / "data" / "shops"
pytestmark = pytest.mark.usefixtures(cheap.__name__)


# ------------------------------------------------------------------------------------------- first password


def test_a_shop_without_a_password_is_open_to_all_and_says_so(shop: Shop) -> None:
    assert not shop.keys.is_protected
    assert not passwords.is_protected(shop.folder)
    assert passwords.users(shop.folder) == []
    assert (shop.staff_id, shop.rights) == (None, EVERY)
    again = Shop.open(shop.folder, password="left over from another shop", user="nobody")
    assert again.staff_id is None
    again.close()


def test_a_shop_without_a_password_needs_no_cryptography(shop: Shop) -> None:
    """They are read when the first password is tried: half of the time to the first window would be theirs."""
    shop.close()
    program = (
        "import sys; from pathlib import Path; from desktop_crm.shop import Shop; "
        "Shop.open(Path(sys.argv[1])).close(); "
        "print(sorted({'cryptography', 'argon2'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(shop.folder)], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


def test_the_first_password_locks_the_shop(shop: Shop) -> None:
    owner = staff.add(shop, "王芳", "owner")
    before = shop.keys
    own = passwords.set_first(shop, owner, OWNERS)
    assert own.staff_id == owner
    assert passwords.users(shop.folder) == [User(owner, "王芳", "owner")]
    assert passwords.is_protected(shop.folder)
    with pytest.raises(PasswordNeeded, match="locked") as needed:
        Shop.open(shop.folder)
    assert needed.value.users == (User(owner, "王芳", "owner"),)
    assert opens(own, OWNERS) == owner
    assert (shop.keys, shop.keys.is_protected) == (own.keys, True)
    assert shop.keys.secret != before.secret
    assert shop.keys.older == (before.secret,)
    assert labels(own, "password") == ["First password of the shop, for 王芳"]


def test_the_secret_that_lay_open_opens_nothing_any_more(shop: Shop, tmp_path: Path) -> None:
    """Whoever copied the key file while there was no password is out, also with the files of today."""
    stolen = [(shop.folder / name).read_bytes() for name in keys.NAMES]
    own, _clerk = protect(shop)
    place = copy_of(own, tmp_path / "copy")
    for name, content in zip(keys.NAMES, stolen, strict=True):
        (place / name).write_bytes(content)
    with pytest.raises(ShopForeign, match="older key file"):
        Shop.open(place)


def test_the_first_password_is_an_owners(shop: Shop) -> None:
    clerk = staff.add(shop, "Li Lei")
    gone = staff.add(shop, "Old Owner", "owner")
    staff.add(shop, "New Owner", "owner")
    staff.edit(shop, gone, active=False)
    with pytest.raises(OwnerNeeded, match="Li Lei is not the owner"):
        passwords.set_first(shop, clerk, OWNERS)
    for nobody in (gone, 99):
        with pytest.raises(UserGone):
            passwords.set_first(shop, nobody, OWNERS)
    assert not passwords.is_protected(shop.folder)


def test_there_is_only_one_first_password(shop: Shop) -> None:
    own, _clerk = protect(shop)
    with pytest.raises(PasswordSet):
        passwords.set_first(own, own.staff_id or 0, "another one")
    assert opens(own, OWNERS)


def test_what_needs_a_first_password_says_so(shop: Shop) -> None:
    owner = staff.add(shop, "王芳", "owner")
    with pytest.raises(NotProtected):
        passwords.add_user(shop, owner, OWNERS)
    with pytest.raises(NotProtected):
        passwords.change(shop.at_counter(owner), "", OWNERS)
    with pytest.raises(NotProtected, match="Give the owner one first"):
        passwords.change_locks(shop)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 8"),
        ("seven77", "at least 8"),
        ("春风绿", "at least 8"),
        ("19880808", "at least 12 digits"),
        ("１９８８０８０８", "at least 12 digits"),
        ("13812348866", "at least 12 digits"),
        ("aaaaaaaaaa", "first that anyone tries"),
        ("ababababab", "first that anyone tries"),
        ("qwertyuiop", "first that anyone tries"),
        ("hgfedcba", "first that anyone tries"),
        ("WoAiNi1314", "first that anyone tries"),
        ("HuangjieHuangjie", "first that anyone tries"),
    ],
)
def test_a_password_that_is_guessed_soon_is_refused(shop: Shop, password: str, words: str) -> None:
    owner = staff.add(shop, "Huangjie", "owner")
    with pytest.raises(PasswordWeak, match=words):
        passwords.set_first(shop, owner, password)
    assert not passwords.is_protected(shop.folder)


@pytest.mark.parametrize("password", ["春风又绿", "blue kettle", "319074528816", "Tr0ub4dor&3"])
def test_a_password_that_takes_long_to_guess_is_taken(password: str) -> None:
    passwords.check(password, "王芳")


# ------------------------------------------------------------------------------------------- everybody's own


def test_everybody_opens_the_shop_with_the_own_password(shop: Shop) -> None:
    own, clerk = protect(shop)
    assert opens(own, OWNERS) == own.staff_id
    assert opens(own, CLERKS) == clerk
    assert opens(own, CLERKS, "Li Lei") == clerk
    assert opens(own, CLERKS, clerk) == clerk
    with pytest.raises(PasswordWrong, match="opens nothing"):
        opens(own, CLERKS, "王芳")


def test_setting_and_removing_passwords_encrypts_nothing_anew(shop: Shop) -> None:
    own, clerk = protect(shop)
    secret = own.keys.secret
    passwords.add_user(own, clerk, "red kettle")
    assert opens(own, "red kettle") == clerk
    with pytest.raises(PasswordWrong):
        opens(own, CLERKS)
    passwords.remove_user(own, clerk)
    assert own.keys.secret == secret
    with pytest.raises(PasswordWrong):
        opens(own, "red kettle")
    assert passwords.users(own.folder) == [User(own.staff_id or 0, "王芳", "owner")]
    assert labels(own, "password")[:2] == ["Password of Li Lei removed", "Password set for Li Lei"]


def test_a_clerk_changes_the_own_password_and_nobody_elses(shop: Shop) -> None:
    own, clerk = protect(shop)
    at = Shop.open(own.folder, own.clock, password=CLERKS)
    with pytest.raises(PasswordWrong):
        passwords.change(at, OWNERS, "red kettle")
    with pytest.raises(PasswordWeak):
        passwords.change(at, CLERKS, "short")
    passwords.change(at, CLERKS, "red kettle")
    assert opens(own, "red kettle") == clerk
    for act in (
        lambda: passwords.add_user(at, own.staff_id or 0, "my own now"),
        lambda: passwords.remove_user(at, own.staff_id or 0),
        lambda: passwords.change_locks(at),
        lambda: passwords.sheet(at),
        lambda: passwords.prove_sheet(at, 1, ""),
    ):
        with pytest.raises(NotAllowed, match="Li Lei"):
            act()
    assert opens(own, OWNERS) == own.staff_id
    assert labels(own, "password")[0] == "Li Lei changed the own password"
    at.close()


def test_a_manager_who_may_change_settings_may_not_give_passwords(shop: Shop) -> None:
    own, clerk = protect(shop)
    staff.edit(own, clerk, role="manager")
    roles.save(own, "manager", {"settings"})
    at = own.at_counter(clerk)
    assert at.may("settings")
    with pytest.raises(NotAllowed):
        passwords.add_user(at, own.staff_id or 0, "my own now")


def test_the_last_owner_keeps_the_password(shop: Shop) -> None:
    own, clerk = protect(shop)
    with pytest.raises(OwnerNeeded, match="another owner"):
        passwords.remove_user(own, own.staff_id or 0)
    staff.add(own, "An owner without a password", "owner")
    for role, active in (("clerk", True), ("owner", False)):
        with pytest.raises(OwnerNeeded):
            staff.edit(own, own.staff_id or 0, role=role, active=active)  # type: ignore[arg-type]
    staff.edit(own, clerk, role="owner")
    passwords.remove_user(own, own.staff_id or 0)
    assert passwords.users(own.folder) == [User(clerk, "Li Lei", "owner")]


def test_undo_does_not_take_the_last_owner_away(shop: Shop) -> None:
    assert staff.add(shop, "An owner without a password", "owner") == 1
    owner = staff.add(shop, "王芳", "owner")
    own = passwords.set_first(shop, owner, OWNERS)
    other = own.at_counter(1)
    added = next(change for change in history.changes(own, 10) if "王芳" in change.label)
    with pytest.raises(OwnerNeeded):
        history.undo(other, added.id)
    assert opens(own, OWNERS) == owner


def test_names_roles_and_leaving_reach_the_key_file_done_undone_redone(shop: Shop) -> None:
    own, clerk = protect(shop)
    owner = User(own.staff_id or 0, "王芳", "owner")
    staff.edit(own, clerk, role="manager", name="Li Leilei")
    assert passwords.users(own.folder) == [owner, User(clerk, "Li Leilei", "manager")]
    assert opens(own, CLERKS) == clerk
    history.undo(own)
    assert passwords.users(own.folder) == [owner, User(clerk, "Li Lei", "clerk")]
    history.redo(own)
    assert passwords.users(own.folder) == [owner, User(clerk, "Li Leilei", "manager")]
    assert opens(own, CLERKS) == clerk
    staff.edit(own, clerk, active=False)
    assert passwords.users(own.folder) == [owner]
    with pytest.raises(PasswordWrong):
        opens(own, CLERKS)
    history.undo(own)
    assert passwords.users(own.folder) == [owner]  # who comes back gets a new one


def test_a_change_of_the_staff_that_is_not_saved_leaves_the_passwords(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clerk = protect(shop)
    before, known = passwords.users(own.folder), own.keys
    fail_to_commit(own, monkeypatch)
    with pytest.raises(DiskFull, match="nothing was saved"):
        staff.edit(own, clerk, active=False)
    member = staff.get(own, clerk)
    assert member is not None
    assert (member.active, passwords.users(own.folder), own.keys) == (True, before, known)
    assert opens(own, CLERKS) == clerk
    staff.edit(own, clerk, active=False)
    assert passwords.users(own.folder) == before[:1]


def test_a_password_that_is_not_saved_does_not_count(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    own, clerk = protect(shop)
    fail_to_commit(own, monkeypatch)
    with pytest.raises(DiskFull, match="nothing was saved"):
        passwords.change(own.at_counter(clerk), CLERKS, "another word 77")
    assert opens(own, CLERKS) == clerk
    with pytest.raises(PasswordWrong):
        opens(own, "another word 77", clerk)


def test_locks_that_are_not_saved_are_those_of_before(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    own, clerk = protect(shop)
    before = own.keys
    fail_to_commit(own, monkeypatch)
    with pytest.raises(DiskFull, match="nothing was saved"):
        passwords.change_locks(own)
    assert own.keys == before
    assert opens(own, CLERKS) == clerk
    assert labels(own, "locks") == []


def test_a_key_file_that_cannot_be_put_back_is_noted_at_the_next_start(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clerk = protect(shop)
    fail_to_commit(own, monkeypatch)
    real, written = key_file.write, [0]

    def full_at_the_second(folder: Path, file: key_file.KeyFile) -> None:
        written[0] += 1
        if written[0] == 2:
            raise OSError(28, "No space left on device")
        real(folder, file)

    monkeypatch.setattr(key_file, "write", full_at_the_second)
    with pytest.raises(DiskFull, match="nothing was saved"):
        passwords.change(own.at_counter(clerk), CLERKS, "another word 77")
    assert opens(own, "another word 77", clerk) == clerk


def test_what_is_done_and_cannot_be_noted_is_done(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    own, clerk = protect(shop)

    def full(*_given: object, **_named: object) -> int:
        raise DiskFull("The disk is full, so nothing was saved.")

    monkeypatch.setattr(audit, "note", full)
    passwords.add_user(own, clerk, "another word 77")
    assert opens(own, "another word 77", clerk) == clerk
    passwords.remove_user(own, clerk)
    assert [user.name for user in passwords.users(own.folder)] == ["王芳"]
    with pytest.raises(DiskFull):
        passwords.sheet(own)  # not shown to anybody without a note


def fail_to_commit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the very end of the next transaction, once."""
    real = Connections.check_in_place

    def full() -> NoReturn:
        monkeypatch.setattr(connections, "known_failures", known_failures)
        raise DiskFull("The disk is full, so nothing was saved.")

    def armed(own: Connections) -> None:
        real(own)
        monkeypatch.setattr(connections, "known_failures", full)
        monkeypatch.setattr(Connections, "check_in_place", real)

    monkeypatch.setattr(Connections, "check_in_place", armed)


def test_who_left_in_another_copy_of_the_shop_is_not_let_in(shop: Shop, tmp_path: Path) -> None:
    own, clerk = protect(shop)
    older = [(own.folder / name).read_bytes() for name in keys.NAMES]
    staff.edit(own, clerk, active=False)
    own.close()
    for name, content in zip(keys.NAMES, older, strict=True):
        (own.folder / name).write_bytes(content)
    with pytest.raises(KeyFileOld, match="newest shop"):
        Shop.open(own.folder, password=CLERKS)
    with pytest.raises(KeyFileOld):
        Shop.open(own.folder, password=OWNERS)


def test_a_shop_opened_on_another_thread_leaves_no_connection_there(shop: Shop) -> None:
    own, _clerk = protect(shop)
    own.close()
    opened: list[Shop] = []
    thread = threading.Thread(target=lambda: opened.append(Shop.open(own.folder, own.clock, password=OWNERS)))
    thread.start()
    thread.join()
    (again,) = opened
    assert len(again._connections.all) == 1
    assert again.db.value("SELECT count(*) FROM staff") == 2
    again.close()


# ------------------------------------------------------------------------------------------- guessing


def test_guessing_is_throttled_and_never_for_ever(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    waits = []
    for _number in range(14):
        with pytest.raises(PasswordWrong) as wrong:
            Shop.open(own.folder, clock, password="no", user="王芳")
        assert not isinstance(wrong.value, TooManyTries)
        waits.append(wrong.value.wait_s)
        if waits[-1]:
            assert str(wrong.value).endswith("seconds.")
            assert passwords.wait_s(own.folder, "王芳", clock) == waits[-1]
            with pytest.raises(TooManyTries) as early:  # not even the right one is looked at
                Shop.open(own.folder, clock, password=OWNERS, user="王芳")
            assert early.value.wait_s == waits[-1]
        clock.instant += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert opens(own, CLERKS, clerk) == clerk  # nobody else waits
    assert opens(own, OWNERS, "王芳") == own.staff_id
    assert passwords.wait_s(own.folder, "王芳", clock) == 0
    assert not (own.folder / tries.FILE).exists()
    assert labels(own, "sign_in_failed")[0] == "14 wrong passwords of 王芳 before"
    assert labels(own, "sign_in")[0] == "王芳 opened the shop"


def guess(own: Shop, clock: FixedClock, user: str | int | None = None) -> PasswordWrong:
    """What a wrong password of this person is answered with, of nobody named for None."""
    with pytest.raises(PasswordWrong) as wrong:
        Shop.open(own.folder, clock, password="no", user=user)
    return wrong.value


def test_a_try_that_names_nobody_is_one_of_everybodys(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    assert [guess(own, clock).wait_s for _number in range(5)] == [0, 0, 0, 0, 2]
    for user in (None, "王芳", clerk):
        assert passwords.wait_s(own.folder, user, clock) == 2
        with pytest.raises(TooManyTries):
            Shop.open(own.folder, clock, password=OWNERS, user=user)
    clock.instant += timedelta(seconds=2)
    assert opens(own, OWNERS) == own.staff_id
    assert passwords.wait_s(own.folder, "王芳", clock) == 0


def test_a_right_password_forgets_no_wrong_ones_of_others(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    guess(own, clock, clerk)
    waits = []
    for _number in range(6):
        waits.append(guess(own, clock).wait_s)
        clock.instant += timedelta(seconds=waits[-1])
        assert (
            opens(own, CLERKS) == clerk
        )  # what the owner's count was before stands, the right try is none of hers
    assert waits == [0, 0, 0, 0, 2, 4]
    assert labels(own, "sign_in_failed")[0] == "1 wrong password of Li Lei before"
    counted = json.loads((own.folder / tries.FILE).read_text())
    assert {who: wrong for who, (wrong, _at) in counted.items()} == {str(own.staff_id): 6}
    assert opens(own, OWNERS) == own.staff_id
    assert labels(own, "sign_in_failed")[0] == "6 wrong passwords of 王芳 before"


def test_who_is_not_in_the_key_file_is_nobody_to_guess_at(shop: Shop, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    assert [guess(own, clock, "谁").wait_s for _number in range(6)] == [0] * 6
    assert not (own.folder / tries.FILE).exists()


def test_a_try_during_anothers_is_counted_though_that_one_was_right(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    everybody = [str(own.staff_id), str(clerk)]
    tried = tries.begin(own.folder, everybody, clock.now())
    clock.instant += timedelta(seconds=1)
    meanwhile = tries.begin(own.folder, everybody, clock.now())
    assert tries.right(own.folder, tried, str(clerk)) == 1
    assert json.loads((own.folder / tries.FILE).read_text()) == {str(own.staff_id): [1, own.stamp()]}
    assert tries.right(own.folder, meanwhile, str(own.staff_id)) == 0


def test_programs_that_guess_at_once_are_counted_one_by_one(shop: Shop, clock: FixedClock) -> None:
    own, clerk = protect(shop)
    start, looked_at = threading.Barrier(16), []

    def begin() -> None:
        start.wait()
        looked_at.append(tries.begin(own.folder, [str(clerk)], clock.now()).wait_s == 0)

    threads = [threading.Thread(target=begin) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looked_at) == [False] * 11 + [True] * 5
    assert json.loads((own.folder / tries.FILE).read_text())[str(clerk)][0] == 5


def test_a_clock_that_was_put_back_begins_the_wait_anew(shop: Shop, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    for _number in range(5):
        guess(own, clock, "王芳")
    clock.instant -= timedelta(days=900)
    for _number in range(3):
        with pytest.raises(TooManyTries) as early:
            Shop.open(own.folder, clock, password=OWNERS, user="王芳")
        assert early.value.wait_s == 2
        clock.instant -= timedelta(seconds=1)
    assert passwords.wait_s(own.folder, "王芳", clock) == 2
    clock.instant += timedelta(seconds=2)
    assert opens(own, OWNERS, "王芳") == own.staff_id


def test_a_folder_that_cannot_be_locked_keeps_nobody_out(shop: Shop, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    (own.folder / "shop.tries.lock").mkdir()
    assert guess(own, clock, "王芳").wait_s == 0
    assert opens(own, OWNERS, "王芳") == own.staff_id


@pytest.mark.parametrize("text", ["", "{", "[]", '{"1": 5}', '{"1": [1, "yesterday"]}'])
def test_a_spoilt_count_of_tries_keeps_nobody_out(shop: Shop, text: str) -> None:
    own, _clerk = protect(shop)
    (own.folder / tries.FILE).write_text(text)
    assert opens(own, OWNERS, "王芳") == own.staff_id


def test_a_folder_that_takes_no_file_keeps_nobody_out(shop: Shop, clock: FixedClock) -> None:
    own, _clerk = protect(shop)
    (own.folder / (tries.FILE + ".part")).mkdir()
    with pytest.raises(PasswordWrong):
        Shop.open(own.folder, clock, password="no", user="王芳")
    assert opens(own, OWNERS, "王芳") == own.staff_id


def test_the_screen_is_unlocked_with_the_own_password_only(shop: Shop) -> None:
    own, clerk = protect(shop)
    passwords.check_own(own, OWNERS)
    at = own.at_counter(clerk)
    with pytest.raises(PasswordWrong):
        passwords.check_own(at, OWNERS)
    passwords.check_own(at, CLERKS)
