"""Passwords on the command line: as scripts give them, and beside a window that has the shop open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import cli, customers, staff
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from tests.lock_builders import CLERKS, OWNERS, cheap, opens, protect

pytestmark = pytest.mark.usefixtures(cheap.__name__)


class Terminal:
    """Runs commands in this process, in English, for one shop."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder

    def run(self, *arguments: str, status: int = 0) -> tuple[str, str]:
        """What is printed, and what is said on standard error."""
        assert cli.main(["--lang", "en", "--shop", str(self.folder), *arguments]) == status
        printed, errors = self._capsys.readouterr()
        assert "Traceback" not in errors
        return printed, errors

    def json(self, *arguments: str) -> dict[str, Any]:
        """The one JSON document on standard output."""
        found: dict[str, Any] = json.loads(self.run("--json", *arguments)[0])
        return found

    def refused(self, *arguments: str) -> str:
        """The one sentence on standard error."""
        printed, errors = self.run(*arguments, status=1)
        assert (printed, errors.count("\n")) == ("", 1)
        return errors.strip()


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], shop: Shop) -> Terminal:
    """A terminal of the shop."""
    return Terminal(capsys, shop.folder)


def secret(folder: Path, text: str | bytes) -> str:
    """A file with a password."""
    path = folder / "password.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_locked_shop_says_how_to_give_the_password(shop: Shop, terminal: Terminal) -> None:
    protect(shop)
    words = terminal.refused("due")
    assert "--password-file" in words
    assert "DESKTOP_CRM_PASSWORD" in words
    assert "--user" in words


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_the_password_comes_from_a_file(shop: Shop, terminal: Terminal, tmp_path: Path, ending: str) -> None:
    protect(shop)
    file = secret(tmp_path, OWNERS + ending)
    assert terminal.json("--password-file", file, "due") == {"due": []}
    assert terminal.json("due", "--user", "王芳", "--password-file", file) == {"due": []}


def test_a_file_with_a_mark_at_its_beginning_and_one_that_is_no_text(
    shop: Shop, terminal: Terminal, tmp_path: Path
) -> None:
    protect(shop)
    assert terminal.json("due", "--password-file", secret(tmp_path, b"\xef\xbb\xbf" + OWNERS.encode()))
    assert "text file in UTF-8" in terminal.refused(
        "due", "--password-file", secret(tmp_path, b"\xff\xfe\x00")
    )
    assert "opens nothing" in terminal.refused("due", "--password-file", secret(tmp_path, ""))


def test_the_password_comes_from_the_environment(
    shop: Shop, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect(shop)
    monkeypatch.setenv("DESKTOP_CRM_PASSWORD", CLERKS)
    assert terminal.json("due") == {"due": []}
    assert terminal.json("due", "--user", "Li Lei") == {"due": []}
    assert "opens nothing" in terminal.refused("due", "--user", "王芳")  # a user is whose password it is
    assert "Meimei has no password" in terminal.refused("due", "--user", "Meimei")
    owners = secret(tmp_path, OWNERS)
    assert terminal.json("due", "--user", "王芳", "--password-file", owners) == {"due": []}
    monkeypatch.setenv("DESKTOP_CRM_PASSWORD", "")
    assert "locked" in terminal.refused("due")


def test_who_writes_is_whose_password_it_was(shop: Shop, terminal: Terminal, tmp_path: Path) -> None:
    protect(shop)
    card = customers.add(shop.at_counter(1), CustomerDraft(name="Han"))
    file = secret(tmp_path, CLERKS)
    last = terminal.json("history", "--password-file", file)["changes"][0]
    assert last["by"] == "王芳"
    terminal.run("undo", str(last["change_id"]), "--password-file", file)
    assert terminal.json("history", "--password-file", file)["changes"][0]["by"] == "Li Lei"
    assert shop.db.value("SELECT count(*) FROM customers WHERE id = ?", (card,)) == 0


def test_a_shop_without_password_takes_no_notice_of_one(
    shop: Shop, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.add(shop, "Li Lei")
    monkeypatch.setenv("DESKTOP_CRM_PASSWORD", "of another shop")
    assert terminal.json("due", "--user", "Li Lei") == {"due": []}
    assert "Nobody of the staff is called Meimei" in terminal.refused("due", "--user", "Meimei")


def test_commands_write_beside_an_open_shop_and_neither_loses_a_change(
    shop: Shop, terminal: Terminal, tmp_path: Path
) -> None:
    own, _clerk = protect(shop)
    people = tmp_path / "people.csv"
    people.write_text("name,phone\nHan,13800138001\n", "utf-8")
    customers.add(own, CustomerDraft(name="before"))
    seen = own.data_version()
    terminal.run("import", str(people), "--password-file", secret(tmp_path, OWNERS))
    assert own.data_version() != seen
    customers.add(own, CustomerDraft(name="after"))
    names = [name for (name,) in own.db.rows("SELECT name FROM customers ORDER BY id")]
    assert names == ["before", "Han", "after"]


# ------------------------------------------------------------------------------------------- setting them


def test_users_are_listed_without_a_password(shop: Shop, terminal: Terminal) -> None:
    assert terminal.json("users") == {"protected": False, "users": []}
    assert "has no password" in terminal.run("users")[0]
    _own, clerk = protect(shop)
    assert terminal.json("users") == {
        "protected": True,
        "users": [
            {"staff_id": clerk - 1, "name": "王芳", "role": "owner"},
            {"staff_id": clerk, "name": "Li Lei", "role": "clerk"},
        ],
    }
    assert terminal.run("users")[0].splitlines() == ["王芳  owner", "Li Lei  clerk"]


def test_the_first_password_is_set_and_changed_by_command(
    shop: Shop, terminal: Terminal, tmp_path: Path
) -> None:
    owner = staff.add(shop, "王芳", "owner")
    shop.close()
    new = secret(tmp_path, OWNERS)
    assert "--user" in terminal.refused("password", "--new-password-file", new)
    assert terminal.json("password", "--user", "王芳", "--new-password-file", new) == {"changed": True}
    assert opens(shop, OWNERS) == owner
    (tmp_path / "old").mkdir()
    old = secret(tmp_path / "old", OWNERS)
    new = secret(tmp_path, "another long one")
    terminal.run("password", "--password-file", old, "--new-password-file", new)
    assert opens(shop, "another long one") == owner
    assert "opens nothing" in terminal.refused("due", "--password-file", old)
    assert "too short" in terminal.refused(
        "password", "--password-file", new, "--new-password-file", secret(tmp_path / "old", "short")
    )
