"""The key file: both copies, every altered bit, files of before; and seals that open for the right one only."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_crm.base.clock import FixedClock
from desktop_crm.records.users import User
from desktop_crm.shop import Shop
from desktop_crm.store import folders, key_file, keys, seals
from desktop_crm.store.errors import KeyFileDamaged, KeyFileMissing, PasswordNeeded, PasswordWrong
from desktop_crm.store.key_file import KeyFile
from tests.lock_builders import cheap

pytestmark = pytest.mark.usefixtures(cheap.__name__)

WANG = User(1, "王芳", "owner")
LEI = User(2, "Li Lei", "clerk")


def made() -> tuple[KeyFile, keys.Keys]:
    """A key file with two people and an older secret."""
    first = keys.new_secret()
    file = KeyFile("shop", 3, first.salt, first.check, open_secret=first.value)
    secret = keys.new_secret()
    known = keys.opened(file, first)
    also = [(WANG, seals.new_lock("one and two")), (LEI, seals.new_lock("three and four"))]
    file = keys.renewed(file, known, secret, also)
    return file, keys.opened(file, secret)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file, known = made()
    key_file.write(tmp_path, file)
    assert key_file.read(tmp_path) == file
    assert key_file.bad_copies(tmp_path) == []
    assert sorted(os.listdir(tmp_path)) == ["shop.keys", "shop.keys.copy"]
    assert file.users == (WANG, LEI)
    assert file.is_protected
    assert len(known.older) == 1


def test_nothing_secret_is_readable_in_a_file_with_passwords_or_in_what_is_printed_of_it() -> None:
    file, known = made()
    text = key_file.encode(file).decode()
    shown = repr(file) + repr(known)
    for secret in (known.secret, *known.older):
        for bare in (secret.value.hex(), repr(secret.value)[2:-1], secret.database_key()[:64]):
            assert bare not in text
            assert bare not in shown


def test_every_flipped_bit_is_noticed() -> None:
    text = key_file.encode(made()[0])
    assert key_file.decode(text) is not None
    kept = []
    for place in range(len(text)):
        for bit in range(8):
            flipped = bytearray(text)
            flipped[place] ^= 1 << bit
            if key_file.decode(bytes(flipped)) is not None:
                kept.append((place, bit))
    assert kept == []


def test_every_flipped_bit_of_a_file_without_password_is_noticed() -> None:
    secret = keys.new_secret()
    text = key_file.encode(KeyFile("shop", 1, secret.salt, secret.check, open_secret=secret.value))
    for place in range(len(text)):
        for bit in range(8):
            flipped = bytearray(text)
            flipped[place] ^= 1 << bit
            assert key_file.decode(bytes(flipped)) is None


def test_a_file_cut_short_or_longer_is_noticed() -> None:
    text = key_file.encode(made()[0])
    assert all(key_file.decode(text[:end]) is None for end in range(len(text)))
    assert key_file.decode(text + b" ") is None
    assert key_file.decode(text[:10] + b" " + text[10:]) is None


def test_one_bad_copy_is_served_by_the_other_and_mended(tmp_path: Path) -> None:
    file, _known = made()
    for name in keys.NAMES:
        key_file.write(tmp_path, file)
        (tmp_path / name).write_bytes(b"{")
        assert key_file.read(tmp_path) == file
        assert key_file.bad_copies(tmp_path) == [name]
        key_file.mend_copies(tmp_path)
        assert key_file.bad_copies(tmp_path) == []
        (tmp_path / name).unlink()
        assert key_file.bad_copies(tmp_path) == [name]
        assert key_file.read(tmp_path) == file


def test_the_newer_copy_counts_where_a_crash_came_between_the_two(tmp_path: Path) -> None:
    file, _known = made()
    newer = key_file.stepped(file, 0)
    for name, other in ((0, 1), (1, 0)):
        (tmp_path / keys.NAMES[name]).write_bytes(key_file.encode(newer))
        (tmp_path / keys.NAMES[other]).write_bytes(key_file.encode(file))
        assert key_file.read(tmp_path) == newer
        assert key_file.bad_copies(tmp_path) == [keys.NAMES[other]]


def test_a_failed_write_leaves_the_copies_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _known = made()
    key_file.write(tmp_path, file)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        key_file.write(tmp_path, key_file.stepped(file, 0))
    monkeypatch.undo()
    assert key_file.read(tmp_path) == file
    assert sorted(os.listdir(tmp_path)) == ["shop.keys", "shop.keys.copy"]


@pytest.mark.parametrize("failing", ["sync", "replace"])
@pytest.mark.parametrize("is_there", [True, False])
def test_both_copies_are_written_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, is_there: bool
) -> None:
    file, _known = made()
    if is_there:
        key_file.write(tmp_path, file)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_given: object) -> None:
        monkeypatch.undo()
        raise OSError(28, "No space left on device")

    real = os.replace

    def full_at_the_second(source: Path, target: Path) -> None:
        if target.name == keys.NAMES[1]:
            full()
        real(source, target)

    if failing == "sync":
        monkeypatch.setattr(folders, "sync", full)
    else:
        monkeypatch.setattr(os, "replace", full_at_the_second)
    with pytest.raises(OSError, match="No space"):
        key_file.write(tmp_path, key_file.stepped(file, 0))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_names_that_cannot_be_synced_at_the_end_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _known = made()
    key_file.write(tmp_path, file)
    newer, real, synced = key_file.stepped(file, 0), folders.sync, [0]

    def full_at_the_second(folder: Path) -> None:
        synced[0] += 1
        if synced[0] == 2:
            raise OSError(28, "No space left on device")
        real(folder)

    monkeypatch.setattr(folders, "sync", full_at_the_second)
    key_file.write(tmp_path, newer)
    assert (key_file.read(tmp_path), key_file.bad_copies(tmp_path)) == (newer, [])
    assert sorted(os.listdir(tmp_path)) == ["shop.keys", "shop.keys.copy"]


def test_a_file_of_the_first_format_opens_also_with_line_ends_of_windows(tmp_path: Path) -> None:
    secret = keys.new_secret()
    body = {
        "format": 1,
        "shop_id": "shop",
        "sequence": 1,
        "salt": secret.salt.hex(),
        "key_check": secret.check,
        "slots": [{"kind": "open", "secret": secret.value.hex()}],
        "older": [],
    }
    text = json.dumps({"body": body, "checksum": key_file.checksum(body)}, indent=1, sort_keys=True)
    for ends in ("\n", "\r\n"):
        (tmp_path / "shop.keys").write_bytes(text.replace("\n", ends).encode())
        known = keys.load(tmp_path)
        assert (known.shop_id, known.secret, known.is_protected) == ("shop", secret, False)


def test_a_shop_of_the_first_format_goes_on(shop: Shop, clock: FixedClock) -> None:
    shop.close()
    file = key_file.read(shop.folder)
    body = json.loads(key_file.encode(file))["body"] | {"format": 1}
    text = json.dumps({"body": body, "checksum": key_file.checksum(body)}, indent=1, sort_keys=True)
    for name in keys.NAMES:
        (shop.folder / name).write_text(text, "ascii")
    again = Shop.open(shop.folder, clock)
    assert again.keys.shop_id == file.shop_id
    again.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body["slots"][0].update(kind="strange"),
        lambda body: body["slots"][0].update(memory_kib=1 << 30),
        lambda body: body["slots"][0].update(time_cost=0),
        lambda body: body["slots"][0].update(salt="00"),
        lambda body: body["slots"][0].update(role="king"),
        lambda body: body["slots"][0].pop("sealed"),
        lambda body: body.update(salt="x"),
        lambda body: body.update(slots=7),
    ],
)
def test_a_file_that_was_made_up_with_its_checksum_is_damaged_all_the_same(spoil: object) -> None:
    assert callable(spoil)
    body = json.loads(key_file.encode(made()[0]))["body"]
    spoil(body)
    assert key_file.decode(key_file._text(body)) is None


def test_no_key_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing, match="recovery sheet"):
        key_file.read(tmp_path)


# ------------------------------------------------------------------------------------------- opening it


def test_each_password_opens_for_its_own_person() -> None:
    file, known = made()
    for password, user in (("one and two", WANG), ("three and four", LEI)):
        for named in (None, user.name, user.staff_id):
            found = keys.open_file(file, password=password, user=named)
            assert (found.user, found.keys) == (user, known)
    with pytest.raises(PasswordWrong, match="opens nothing"):
        keys.open_file(file, password="one and two", user="Li Lei")
    with pytest.raises(PasswordWrong, match="Meimei has no password"):
        keys.open_file(file, password="one and two", user="Meimei")
    with pytest.raises(PasswordNeeded) as needed:
        keys.open_file(file)
    assert needed.value.users == (WANG, LEI)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("Ｂｌｕｅ ｋｅｔｔｌｅ", "Blue kettle"),
        ("café au lait", "cafe\u0301 au lait"),
        ("密碼　很長", "密碼 很長"),
    ],
)
def test_a_password_typed_with_another_input_method_is_the_same(first: str, again: str) -> None:
    lock = seals.new_lock(first)
    assert seals.private_half(lock, again) is not None
    assert seals.private_half(lock, again + "x") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda user: replace(user, role="owner"),
        lambda user: replace(user, name="王芳 "),
        lambda user: replace(user, staff_id=9),
    ],
)
def test_a_slot_edited_in_the_file_opens_nothing_and_is_no_wrong_password(change: object) -> None:
    assert callable(change)
    file, _known = made()
    edited = replace(file.slots[1], user=change(LEI))
    with pytest.raises(KeyFileDamaged, match="altered"):
        keys.open_file(replace(file, slots=(file.slots[0], edited)), password="three and four")


def test_an_older_secret_edited_in_the_file_is_damage() -> None:
    file, _known = made()
    bent = replace(file.older[0].sealed, box=bytes(len(file.older[0].sealed.box)))
    with pytest.raises(KeyFileDamaged, match="altered"):
        keys.open_file(replace(file, older=(replace(file.older[0], sealed=bent),)), password="one and two")
    odd = replace(file.older[0].sealed, nonce=b"")
    with pytest.raises(KeyFileDamaged, match="altered"):
        keys.open_file(replace(file, older=(replace(file.older[0], sealed=odd),)), password="one and two")


def test_a_seal_that_is_no_point_of_the_curve_opens_nothing() -> None:
    lock = seals.new_lock("one and two")
    private = seals.private_half(lock, "one and two")
    assert private is not None
    sealed = seals.seal_to(lock.public, b"secret", b"about")
    assert seals.open_with(private, sealed, b"about") == b"secret"
    assert seals.open_with(private, sealed, b"else") is None
    assert seals.open_with(private, replace(sealed, ephemeral=bytes(32)), b"about") is None
    assert seals.open_with(private, replace(sealed, ephemeral=b"short"), b"about") is None


def test_the_secret_of_before_opens_no_slot_of_now() -> None:
    """Who copied the old secret, and gets hold of the new key file, is out."""
    file, known = made()
    for each in (*known.older, known.secret):
        for slot in file.slots:
            assert seals.open_with(seals.derive(each.value, "x"), slot.sealed, b"") is None
            assert seals.unwrap(known.older[0].value, slot.sealed, b"") is None
    assert (
        seals.unwrap(
            known.older[0].value, file.older[0].sealed, keys._about_older("shop", file.older[0].check)
        )
        is None
    )


def test_hkdf_is_that_of_the_standard() -> None:
    """RFC 5869, appendix A.3: no salt, no info."""
    found = seals.derive(bytes([0x0B] * 22), "", 42)
    assert found.hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
