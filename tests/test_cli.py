"""The command line as scripts meet it: JSON on standard output, one sentence on standard error, exit status 0, 1, 2."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import (
    app,
    backup,
    balance,
    cli,
    consents,
    customers,
    demo,
    history,
    notes,
    passwords,
    relations,
    shops,
    staff,
    views,
)
from desktop_crm.base import i18n
from desktop_crm.base.errors import Cancelled
from desktop_crm.cli import help
from desktop_crm.cli.shared import Meter, plain
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import backups
from desktop_crm.who import Condition, Filter
from tests.files import workbooks

UNTIL = date(2026, 11, 21)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo shop, made once, to be copied."""
    i18n.set_language("en")
    folder = tmp_path_factory.mktemp("demo") / "shop"
    demo.make(folder, customers=120, until=UNTIL)
    return folder


@pytest.fixture
def demo_shop(demo_template: Path, tmp_path: Path) -> str:
    """The folder of a small demo shop."""
    return str(shutil.copytree(demo_template, tmp_path / "demo"))


class Terminal:
    """Runs commands in this process, in English."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.errors = ""

    def run(self, *arguments: str, status: int = 0) -> str:
        """What is printed; `errors` holds the rest."""
        assert cli.main(["--lang", "en", *arguments]) == status
        printed, self.errors = self._capsys.readouterr()
        assert "Traceback" not in self.errors
        return printed

    def json(self, *arguments: str, shop: str | Path | None = None) -> dict[str, Any]:
        """The one JSON document on standard output."""
        named = ["--shop", str(shop)] if shop is not None else []
        found: dict[str, Any] = json.loads(self.run("--json", *named, *arguments))
        assert self.errors == ""
        return found

    def refused(self, *arguments: str, shop: str | Path | None = None) -> str:
        """The one sentence on standard error, exit status 1, nothing on standard output."""
        named = ["--shop", str(shop)] if shop is not None else []
        assert self.run(*named, *arguments, status=1) == ""
        assert self.errors.count("\n") == 1
        return self.errors.strip()


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal."""
    return Terminal(capsys)


# ------------------------------------------------------------------------------------------- a whole shop


def test_a_new_shop_becomes_the_last_one_used(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "月亮店"
    assert terminal.json("init", str(folder)) == {"shop": str(folder)}
    assert shops.last_used() == folder
    shop = Shop.open(folder)
    assert shop.db.value("SELECT value FROM settings WHERE key = 'shop_name'") == '"月亮店"'
    shop.close()
    assert terminal.json("history")["changes"][0]["label"] == "New shop 月亮店"


def test_a_shop_is_never_made_where_one_is(terminal: Terminal, shop: Shop) -> None:
    assert "left as it was" in terminal.refused("init", str(shop.folder), "--name", "x")


def test_without_a_shop_one_is_asked_to_name_it(terminal: Terminal) -> None:
    assert terminal.refused("due").startswith("No shop was used on this PC yet.")


def test_the_demo_never_becomes_the_last_one_used(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    made = terminal.json("demo", str(folder), "--customers", "20", "--seed", "7", "--until", "2026-10-31")
    assert made["shop"] == str(folder)
    assert made["customers"] == 20
    assert made["purchases"] > 10
    assert terminal.json("search", "王", shop=folder)["query"] == "王"
    assert shops.last_used() is None


def test_the_same_arguments_make_the_same_demo(terminal: Terminal, tmp_path: Path) -> None:
    cards = []
    for name in ("a", "b"):
        terminal.run("demo", str(tmp_path / name), "--customers", "15", "--until", "2026-10-31")
        shown = terminal.json("show", "3", shop=tmp_path / name)
        cards.append(shown | {"customer": shown["customer"] | {"created_at": ""}})
    assert cards[0] == cards[1]


def test_a_backup_is_made_listed_and_restored(terminal: Terminal, demo_shop: str, tmp_path: Path) -> None:
    made = terminal.json("backup", shop=demo_shop)
    assert made["verified"] is True
    out = tmp_path / "usb" / "copy.crmbackup"
    assert terminal.json("backup", str(out), shop=demo_shop) == {"file": str(out), "verified": True}
    listed = terminal.json("backups", shop=demo_shop)["backups"]
    assert [entry["file"] for entry in listed] == [made["file"]]
    assert listed[0].keys() == {"file", "at", "why", "size", "customers", "whole", "protected"}
    assert (listed[0]["whole"], listed[0]["protected"]) == (True, False)
    assert listed[0]["customers"] > 100
    assert terminal.run("--shop", demo_shop, "backups").endswith("  (without password)\n")
    back = tmp_path / "back"
    assert terminal.json("restore", str(out), str(back)) == {"shop": str(back)}
    assert terminal.json("show", "1", shop=back) == terminal.json("show", "1", shop=demo_shop)
    assert "left as it was" in terminal.refused("restore", str(out), str(back))


def test_a_locked_backup_takes_the_password_of_its_time(
    terminal: Terminal, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = passwords.set_first(shop, staff.add(shop, "老板", "owner"), "correct horse battery")
    made = backup.make(own, "manual")
    broken = backup.make(own, "manual")
    broken.write_bytes(b"broken")
    own.close()
    assert "--password-file" in terminal.refused("restore", str(made), str(tmp_path / "back"))
    monkeypatch.setenv("DESKTOP_CRM_PASSWORD", "correct horse battery")
    terminal.run("restore", str(made), str(tmp_path / "back"))
    lines = terminal.run("--shop", str(shop.folder), "backups").splitlines()
    assert lines[0].endswith("(damaged)")
    assert lines[1].endswith(made.name)


def test_the_check_finds_nothing_or_says_what(terminal: Terminal, shop: Shop) -> None:
    assert terminal.json("check", shop=shop.folder) == {"ok": True, "findings": []}
    assert terminal.run("--shop", str(shop.folder), "check") == "Everything is in order.\n"
    customers.add(shop, CustomerDraft(name="王建国"))
    with shop.upkeep():
        shop.db.execute("DELETE FROM search_index WHERE rowid = 1")
    found = terminal.json("check", shop=shop.folder)
    assert (found["ok"], [finding["key"] for finding in found["findings"]]) == (False, ["search"])
    assert "Build the search anew" in terminal.run("--shop", str(shop.folder), "check")


# ------------------------------------------------------------------------------------------- customers


def test_search_answers_best_first(terminal: Terminal, shop: Shop) -> None:
    for name, number in (("李八八", "13900008866"), ("王建国", "13805718866"), ("赵六", "13912345678")):
        customers.add(shop, CustomerDraft(name=name, phones=(PhoneDraft(number),)))
    found = terminal.json("search", "8866", "--limit", "1", shop=shop.folder)
    assert found["query"] == "8866"
    assert found["more"] is True
    assert found["hits"][0].keys() >= {"customer_id", "name", "phones", "tier", "matched"}
    assert found["hits"][0]["phones"][0].endswith("8866")
    assert "王建国" in terminal.run("--shop", str(shop.folder), "search", "wjg")
    assert terminal.run("--shop", str(shop.folder), "search", "zzzz") == "Nobody was found.\n"
    terminal.run("search", "x", "--limit", "0", status=2)


def test_show_gives_all_that_the_card_shows(terminal: Terminal, demo_shop: str) -> None:
    card = terminal.json("show", "1", shop=demo_shop)
    assert card["customer"]["id"] == 1
    assert card.keys() >= {"phones", "tags", "tier", "why", "devices", "purchases", "timeline", "followups"}
    text = terminal.run("--shop", demo_shop, "show", "1")
    assert text.startswith(card["customer"]["name"])
    for entry in card["timeline"][:3]:
        assert entry["text"] in text
    assert "999999" in terminal.refused("show", "999999", shop=demo_shop)


def test_show_says_family_consent_notes_and_accounts(terminal: Terminal, shop: Shop) -> None:
    phone = (PhoneDraft("13805718866", label="家"),)
    draft = CustomerDraft("王建国", phone, birthday="--10-15", birthday_lunar=True, do_not_contact=True)
    wang = customers.add(shop, draft)
    fang = customers.add(shop, CustomerDraft("李芳", phone, gender="female"))
    relations.add(shop, fang, wang, "spouse")
    consents.set(shop, wang, "call", "refused")
    notes.add(shop, wang, "留一台 iPad", pinned=True)
    balance.correct(shop, wang, 20_000, "旧账")
    card = terminal.json("show", str(wang), shop=str(shop.folder))
    assert [each["words"] for each in card["related"]] == ["Wife"]
    assert [each["customer"]["name"] for each in card["sharing"]] == ["李芳"]
    assert [(each["channel"], each["answer"]) for each in card["consents"]] == [("call", "refused")]
    assert (card["pinned"], card["due_fen"]) == (["留一台 iPad"], 20_000)
    assert card["timeline_counts"] == {"all": 3, "purchases": 1, "notes": 1, "card": 1}
    lines = terminal.run("--shop", str(shop.folder), "show", str(wang)).splitlines()
    assert {
        "Do not contact",
        "Remember: 留一台 iPad",
        "Mobile: 138 0571 8866 家",
        "Same number as: 李芳 (#2)",
        "Wife: 李芳 (#2)",
        "Birthday: lunar 10-15 → 2026-11-23",
        "Consent: Do not call 2026-11-21",
        "→ Owes ¥200: Ask for it kindly.",
    } <= set(lines)
    customers.delete(shop, [wang])
    assert "Deleted" in terminal.run("--shop", str(shop.folder), "show", str(wang)).splitlines()


def test_show_lists_open_complaints(terminal: Terminal, demo_shop: str) -> None:
    shop = Shop.open(Path(demo_shop))
    who = shop.db.value("SELECT customer_id FROM complaints WHERE state = 'investigating' AND customer_id")
    shop.close()
    card = terminal.json("show", str(who), shop=demo_shop)
    assert card["complaints"][0]["summary"] in terminal.run("--shop", demo_shop, "show", str(who))


def test_due_lists_whom_to_call(terminal: Terminal, demo_shop: str) -> None:
    due = terminal.json("due", "--on", "2026-11-30", shop=demo_shop)["due"]
    assert due
    assert all(entry.keys() == {"followup_id", "customer_id", "name", "due_day", "reason"} for entry in due)
    assert all(entry["due_day"] <= "2026-11-30" for entry in due)
    assert due[0]["name"] in terminal.run("--shop", demo_shop, "due", "--on", "2026-11-30")
    assert terminal.run("--shop", demo_shop, "due", "--on", "2020-01-01") == "Nobody is due.\n"
    terminal.run("due", "--on", "today", status=2)


def test_tiers_shows_first_and_does_it_when_told(terminal: Terminal, demo_shop: str) -> None:
    shown = terminal.json("tiers", "--as-of", "2027-11-21", shop=demo_shop)
    assert list(shown["tiers"]) == ["high_value", "potential", "regular", "lost", "prospect"]
    assert sum(shown["tiers"].values()) == 120
    assert shown["changes"][0].keys() == {"customer_id", "from", "to", "reason"}
    again = terminal.json("tiers", "--as-of", "2027-11-21", "--apply", shop=demo_shop)
    assert again == shown, "showing had changed nothing"
    assert terminal.json("tiers", "--as-of", "2027-11-21", shop=demo_shop)["changes"] == []


def test_tiers_in_words(terminal: Terminal, shop: Shop) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    with shop.change("Forget", {"tiers"}):
        shop.db.execute("DELETE FROM tier_history")
        shop.db.execute("DELETE FROM customer_tiers")
    assert terminal.json("tiers", shop=shop.folder)["changes"][0]["from"] is None
    words = terminal.run("--shop", str(shop.folder), "tiers")
    assert words.startswith("High value: 0\n")
    assert "王建国: – → Prospect" in words


# ------------------------------------------------------------------------------------------- lists

PEOPLE = "姓名,手机,备注\n王建国,13805718866,好\n张无忌,1.38E+10,\n李芳,13900000001,\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Two good rows and one whose digits a spreadsheet lost."""
    path = tmp_path / "客户.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def test_a_dry_run_says_everything_and_changes_nothing(terminal: Terminal, shop: Shop, people: Path) -> None:
    before = sorted(path.name for path in shop.folder.rglob("*"))
    found = terminal.json("import", str(people), "--dry-run", shop=shop.folder)
    (entry,) = found["files"]
    reasons = entry.pop("bad_rows")[0]
    assert reasons["row"] == 3
    assert "lost digits" in reasons["reasons"][0]
    assert entry == {
        "file": str(people),
        "kind": "customers",
        "sheet": None,
        "encoding": "utf-8",
        "mapping": {"姓名": "name", "手机": "phone", "备注": "note"},
        "rows": 3,
        "new": 2,
        "update": 0,
        "same": 0,
        "skip": 0,
        "bad": 1,
        "doubtful": [],
        "left_out": [],
        "change_id": None,
    }
    assert found["change_id"] is None
    assert [change.label for change in history.changes(shop)] == ["New shop 星河手机店"]
    assert sorted(path.name for path in shop.folder.rglob("*")) == before
    words = terminal.run("--shop", str(shop.folder), "import", str(people), "--dry-run")
    counts, bad = words.splitlines()
    assert counts == f"{people}: 2 new, 0 to update, 0 the same, 0 left alone, 1 bad. Nothing was changed."
    assert bad == "  Row 3 is bad: " + " ".join(reasons["reasons"])


def test_a_dry_run_names_bad_and_doubtful_rows_but_not_all_of_many(
    terminal: Terminal, shop: Shop, people: Path
) -> None:
    customers.add(shop, CustomerDraft("王建国", (PhoneDraft("13805718866"),)))
    lost = "".join(f"张{place},1.38E+10,\n" for place in range(20))
    people.write_text(PEOPLE.splitlines()[0] + "\n李雷,13805718866,\n" + lost, "utf-8")
    _counts, *rows = terminal.run("--shop", str(shop.folder), "import", str(people), "--dry-run").splitlines()
    assert [row.split(":")[0] for row in rows[:20]] == [f"  Row {place} is bad" for place in range(3, 23)]
    assert rows[20:] == ["  and 1 more row"]
    people.write_text("\n".join(people.read_text("utf-8").splitlines()[:2]), "utf-8")
    _counts, row = terminal.run("--shop", str(shop.folder), "import", str(people), "--dry-run").splitlines()
    assert row.startswith("  Row 2 is doubtful: ")
    people.write_text(PEOPLE.splitlines()[0] + "\n李雷,13805718866,\n合计,2,\n", "utf-8")
    told = terminal.run("--shop", str(shop.folder), "import", str(people), "--dry-run").splitlines()
    assert told[-1] == "  Row 3 is left out: “合计” is a total."
    done = terminal.run("--shop", str(shop.folder), "import", str(people)).splitlines()
    assert done[1:] == told[1:]


def test_an_import_is_one_step_with_a_backup_before_it(terminal: Terminal, shop: Shop, people: Path) -> None:
    done = terminal.json("import", str(people), shop=shop.folder)
    assert shop.db.value("SELECT count(*) FROM customers") == 2
    assert [made["why"] for made in terminal.json("backups", shop=shop.folder)["backups"]] == ["import"]
    again = terminal.json("import", str(people), shop=shop.folder)
    assert again["change_id"] is None
    assert again["files"][0]["same"] == 2
    terminal.run("--shop", str(shop.folder), "undo", str(done["change_id"]))
    assert shop.db.value("SELECT count(*) FROM customers") == 0


def test_a_policy_decides_about_known_customers(terminal: Terminal, shop: Shop, people: Path) -> None:
    people.write_text("姓名,手机,微信\n王建国,13805718866,old88\n", "utf-8")
    terminal.run("--shop", str(shop.folder), "import", str(people))
    people.write_text("姓名,手机,微信\n王建国,13805718866,wjg8866\n", "utf-8")
    counts = []
    for policy in ("skip", "fill", "ask", "overwrite"):
        found = terminal.json(
            "import", str(people), "--policy", policy, "--kind", "customers", shop=shop.folder
        )
        entry = found["files"][0]
        counts.append([entry[name] for name in ("update", "same", "skip")])
        asked = ["WeChat: old88 here, wjg8866 in the sheet – which is right?"] if policy == "ask" else None
        assert entry["doubtful"] == ([{"row": 2, "reasons": asked}] if asked else [])
        assert entry["rows"] == sum(entry[name] for name in ("new", "update", "same", "skip", "bad"))
    assert counts == [[0, 0, 1], [0, 0, 1], [0, 0, 1], [1, 0, 0]]
    assert shop.db.value("SELECT wechat FROM customers") == "wjg8866"


def test_a_view_says_whose_rows_are_taken_out(
    terminal: Terminal, shop: Shop, people: Path, tmp_path: Path
) -> None:
    customers.add(shop, CustomerDraft(name="王芳", gender="female"))
    customers.add(shop, CustomerDraft(name="李强", gender="male"))
    views.add(shop, "女客", Filter((Condition("gender", "is", ("female",)),)))
    out = tmp_path / "list.csv"
    made = terminal.json("export", "customers", str(out), "--view", "女客", shop=shop.folder)
    assert made["rows"] == 1
    assert "李强" not in out.read_text("utf-8-sig")
    old = tmp_path / "old.csv"
    made = terminal.json("export", "customers", str(old), "--encoding", "gb18030", shop=shop.folder)
    assert (made["rows"], made["people"]) == (2, 2)
    assert "李强" in old.read_bytes().decode("gb18030")
    sentence = terminal.refused("export", "customers", str(out), "--view", "男客", shop=shop.folder)
    assert sentence.startswith("There is no view “男客”. The views of this shop: 女客")


def test_bad_rows_are_given_back(terminal: Terminal, shop: Shop, people: Path, tmp_path: Path) -> None:
    other = tmp_path / "更多.csv"
    other.write_text("姓名,手机\n赵六,1.39E+10\n", "utf-8")
    out = tmp_path / "bad.xlsx"
    both = [str(people), str(other), "--rejects", str(out)]
    found = terminal.json("import", *both, shop=shop.folder)
    assert [entry["bad"] for entry in found["files"]] == [1, 1]
    assert out.exists()
    assert (tmp_path / "bad-2.xlsx").exists()
    assert found["rejects"] == [str(out), str(tmp_path / "bad-2.xlsx")]
    assert found["change_id"] == found["files"][0]["change_id"]


def test_an_import_names_the_rows_to_look_at_and_the_files_of_bad_rows(
    terminal: Terminal, shop: Shop, tmp_path: Path
) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "bad.xlsx"
    people.write_text("姓名,手机\n张三,13800138000\n李四,1.39E+10\n王五,13900200000.0\n合计,3\n", "utf-8")
    said = terminal.run("--shop", str(shop.folder), "import", str(people), "--rejects", str(out))
    lines = said.splitlines()
    assert lines[0].endswith("people.csv: 2 new, 0 updated, 0 the same, 0 left alone, 1 bad.")
    begins = [line.partition(":")[0] for line in lines[1:4]]
    assert begins == ["  Row 3 is bad", "  Row 4 is doubtful", "  Row 5 is left out"]
    assert lines[4:] == [f"The bad rows are in {out}."]


def test_workbooks_with_passwords_come_in_with_a_file_of_them(
    terminal: Terminal, shop: Shop, tmp_path: Path
) -> None:
    cells = [(0, 0, "姓名"), (0, 1, "手机"), (1, 0, "王建国"), (1, 1, "13800138000")]
    book = workbooks.xls(tmp_path / "a.xls", cells, password="秘密")
    secrets = tmp_path / "secrets.txt"
    secrets.write_text("another\n秘密\n", "utf-8")
    bring = ("--shop", str(shop.folder), "--json", "import", str(book))
    terminal.run(*bring, status=1)
    assert "Enter the password" in terminal.errors
    found = json.loads(terminal.run(*bring, "--workbook-password-file", str(secrets)))
    assert found["files"][0]["new"] == 1
    secrets.write_text("another", "utf-8")
    terminal.run(*bring, "--workbook-password-file", str(secrets), status=1)
    assert "not the password of a.xls" in terminal.errors


def test_one_unreadable_file_of_several_changes_nothing(
    terminal: Terminal, shop: Shop, people: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "photo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 8)
    sentence = terminal.refused("import", str(people), str(picture), shop=shop.folder)
    assert "photo.xlsx" in sentence
    assert shop.db.value("SELECT count(*) FROM customers") == 0
    terminal.run("--shop", str(shop.folder), "import", status=2)


def test_a_folder_of_lists_comes_in(terminal: Terminal, shop: Shop, people: Path, tmp_path: Path) -> None:
    place = tmp_path / "old"
    place.mkdir()
    (place / "sales.csv").write_text("日期,手机,商品,金额\n2026-01-01,13805718866,膜,30\n", "utf-8")
    (place / "people.csv").write_text(PEOPLE, "utf-8")
    (place / "copy.csv").write_text(PEOPLE, "utf-8")
    (place / "letter.txt").write_text("Dear Sir\nthis is no list\n", "utf-8")
    found = json.loads(terminal.run("--json", "--shop", str(shop.folder), "import", str(place)))
    assert [(entry["kind"], entry["new"]) for entry in found["files"]] == [("customers", 2), ("purchases", 1)]
    assert [Path(entry["file"]).name for entry in found["passed_over"]] == ["people.csv", "letter.txt"]
    assert shop.db.value("SELECT count(*) FROM customers") == 2
    assert found["change_id"] == found["files"][1]["change_id"]
    lines = terminal.run("--shop", str(shop.folder), "import", str(place)).splitlines()
    assert [line for line in lines if line.startswith(f"{place / 'people.csv'}: It is the same as copy.csv.")]
    for name in ("sales.csv", "people.csv", "copy.csv"):
        (place / name).unlink()
    assert "no list in old" in terminal.refused("import", str(place), "--dry-run", shop=shop.folder)


def test_what_is_exported_comes_back_the_same(terminal: Terminal, demo_shop: str, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    made = terminal.json("export", "all", str(out), shop=demo_shop)
    assert made["file"] == str(out)
    assert made["rows"] > 120
    for name in ("all.ics", "all.db", "all.zip"):
        assert terminal.json("export", "all", str(tmp_path / name), shop=demo_shop)["people"] > 30, name
    single = tmp_path / "people.csv"
    assert (
        terminal.run("--shop", demo_shop, "export", "customers", str(single))
        == f"120 rows are in {single}.\n"
    )
    entry = terminal.json("import", str(single), "--dry-run", shop=demo_shop)["files"][0]
    assert (entry["rows"], entry["new"], entry["update"], entry["bad"]) == (120, 0, 0, 0)
    assert "Nothing was written" in terminal.refused(
        "export", "customers", str(tmp_path / "x.txt"), shop=demo_shop
    )


# ------------------------------------------------------------------------------------------- figures


def test_kpis_have_their_parts(terminal: Terminal, demo_shop: str) -> None:
    found = terminal.json("kpis", "--period", "2026-10", "--as-of", "2026-11-21", shop=demo_shop)
    assert found["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert found["as_of"] == "2026-11-21"
    wanted = {"value", "unit", "numerator", "denominator", "n", "previous", "last_year", "target", "note"}
    assert all(kpi.keys() >= wanted for kpi in found["kpis"].values())
    assert "First response time" in terminal.run("--shop", demo_shop, "kpis", "--period", "2026-Q3")
    terminal.run("--shop", demo_shop, "kpis", "--period", "October", status=2)
    assert "2026-Q3" in terminal.errors


@pytest.mark.parametrize(("name", "begin"), [("m.pdf", b"%PDF-"), ("m.xlsx", b"PK")])
def test_a_report_is_saved(
    terminal: Terminal, demo_shop: str, tmp_path: Path, name: str, begin: bytes
) -> None:
    out = tmp_path / name
    made = terminal.json("report", "--period", "2026-10", "-o", str(out), shop=demo_shop)
    assert made["file"] == str(out)
    assert made["pages"] >= 1
    assert out.read_bytes().startswith(begin)


# ------------------------------------------------------------------------------------------- history


def test_what_was_done_is_listed_undone_and_redone(terminal: Terminal, shop: Shop) -> None:
    shop.close()
    shop = Shop.open(shop.folder)
    add_tag(shop, "x")
    newest = terminal.json("history", "--limit", "1", shop=shop.folder)["changes"]
    assert newest[0] == {
        "change_id": 2,
        "label": "Add tag x",
        "at": newest[0]["at"],
        "by": "",
        "kinds": ["tags"],
        "undone": False,
    }
    undone = terminal.json("undo", shop=shop.folder)
    assert (undone["change_id"], undone["label"], undone["left"]) == (3, "Add tag x", [])
    assert shop.db.rows("SELECT name FROM tags") == []
    assert "Add tag x" in terminal.run("--shop", str(shop.folder), "redo")
    assert shop.db.rows("SELECT name FROM tags") == [("x",)]
    assert "already undone" not in terminal.run("--shop", str(shop.folder), "undo", "2")
    assert "Add tag x" in terminal.run("--shop", str(shop.folder), "history")
    assert "already undone" in terminal.refused("undo", "2", shop=shop.folder)
    assert "no step number 77" in terminal.refused("undo", "77", shop=shop.folder)
    shop.close()


def test_the_audit_trail_is_listed_verified_and_taken_out(
    terminal: Terminal, shop: Shop, tmp_path: Path
) -> None:
    owner = shop.at_counter(staff.add(shop, "王伟", "owner"))
    who = customers.add(owner, CustomerDraft(name="李芳"))
    (entry,) = terminal.json(
        "audit", "--by", "王伟", "--from", "2026-11-01", "--to", "2026-11-30", shop=shop.folder
    )["entries"]
    assert (entry["action"], entry["by"], entry["customers"]) == ("change", "王伟", [who])
    assert "Add customer 李芳" in terminal.run("--shop", str(shop.folder), "audit", "--what", "change")
    verdict = terminal.json("audit", "--verify", shop=shop.folder)
    assert (verdict["whole"], verdict["flaws"]) == (True, [])
    printed = terminal.run("--shop", str(shop.folder), "audit", "--anchor", verdict["anchor"])
    assert "The anchor is right" in printed
    assert "looks like 1234-" in terminal.refused("audit", "--anchor", "x", shop=shop.folder)
    assert "Nobody called 张三" in terminal.refused("audit", "--by", "张三", shop=shop.folder)
    saved = terminal.json("audit", "--customer", str(who), "-o", str(tmp_path / "a.csv"), shop=shop.folder)
    assert saved["rows"] == 1


def test_what_a_change_changed_is_told_and_what_stays_is_listed(terminal: Terminal, shop: Shop) -> None:
    key = customers.add(shop, CustomerDraft(name="王建国"))
    customers.edit(shop, key, address="a", wechat="b", email="c@d.e")
    customers.edit(shop, key, address="x", wechat="y")
    folder = str(shop.folder)
    told = terminal.run("--shop", folder, "changes", "3").splitlines()
    assert "王建国 · Customer card: WeChat: – → b" in told
    assert (
        terminal.json("changes", "3", "--limit", "1", shop=folder)["rows"][0]["fields"][0]["label"]
        == "WeChat"
    )
    said = terminal.run("--shop", folder, "undo", "3").splitlines()
    assert said[0].startswith("Undone: Edit customer 王建国. 2 things stayed as they are")
    assert [line.partition(" by somebody at ")[0] for line in said[1:]] == [
        f"  Customer card “王建国”: {field} was changed to {value}"
        for field, value in (("WeChat", "y"), ("Address", "x"))
    ]
    assert customers.get(shop, key).email == ""
    listed = terminal.run("--shop", folder, "history", "--people", "--text", "edit").splitlines()
    assert [line.split("  ")[-1].strip() for line in listed][-1] == "(undone)"
    assert terminal.json("history", "--day", "2020-01-01", shop=folder)["changes"] == []


def test_a_user_stands_on_what_they_do(terminal: Terminal, shop: Shop) -> None:
    member = staff.add(shop, "李娜", "owner")
    add_tag(shop, "x")
    terminal.run("--shop", str(shop.folder), "--user", "李娜", "undo", "3", status=0)
    assert shop.db.value("SELECT staff_id FROM changes ORDER BY id DESC") == member
    assert "张强" in terminal.refused("due", "--user", "张强", shop=shop.folder)


def add_tag(shop: Shop, name: str) -> None:
    with shop.change(f"Add tag {name}", {"tags"}):
        shop.db.insert(Tag(0, name))


# ------------------------------------------------------------------------------------------- how it is called


def test_shared_options_stand_before_or_after_the_command(terminal: Terminal, demo_shop: str) -> None:
    before = terminal.run("--shop", demo_shop, "--json", "search", "8")
    after = terminal.run("search", "8", "--shop", demo_shop, "--json")
    assert before == after
    assert json.loads(after)["query"] == "8"


def test_what_stands_after_the_command_wins(terminal: Terminal, demo_shop: str, tmp_path: Path) -> None:
    assert terminal.json("search", "8", "--shop", demo_shop, shop=tmp_path / "nowhere")["query"] == "8"


def test_the_language_is_chosen_by_an_option(capsys: pytest.CaptureFixture[str], demo_shop: str) -> None:
    assert cli.main(["--shop", demo_shop, "kpis", "--period", "2026-10", "--lang", "zh_CN"]) == 0
    assert i18n.current_language() == "zh_CN"
    capsys.readouterr()


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["search"], ["kpis"], ["--lang", "fr", "due"], ["demo", "x", "--customers", "0"]],
)
def test_wrong_usage_is_2(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal.run(*arguments, status=2) == ""
    assert "Usage:" in terminal.errors


def test_help_lists_every_command_of_the_contract(terminal: Terminal) -> None:
    text = terminal.run("--help")
    contract = (
        "init demo import export search show due tiers kpis "
        "report history undo redo backup backups restore check duplicates merge"
    )
    for name in contract.split():
        assert f"\n  {name} " in text
    assert terminal.run("--version").startswith("desktop-crm, version ")


def test_cancelling_is_no_failure_of_the_program(
    terminal: Terminal, demo_shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object, **_named: object) -> None:
        raise Cancelled

    monkeypatch.setattr(backups, "make", stop)
    assert terminal.refused("backup", shop=demo_shop) == "Cancelled. Nothing was changed."


def test_control_c_leaves_with_1(terminal: Terminal, demo_shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "make", stop)
    terminal.run("--shop", demo_shop, "backup", status=1)


def test_without_a_command_the_window_opens(
    terminal: Terminal, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []

    def start(folder: Path | None) -> int:
        opened.append(folder)
        return 0

    monkeypatch.setattr(app, "start", start)
    terminal.run("--shop", str(shop.folder))
    assert opened == [shop.folder]


def test_values_become_plain_json() -> None:
    value = {1: {"b", "a"}, "day": UNTIL, "file": Path("/x"), "rows": (Tag(1, "x"),)}
    assert plain(value) == {
        "1": ["a", "b"],
        "day": "2026-11-21",
        "file": "/x",
        "rows": [{"id": 1, "name": "x", "group_name": ""}],
    }


def test_long_commands_tell_how_far_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = Meter()
    meter.report(1, 4, "Reading")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(Meter, "EVERY_S", -1.0)
    meter = Meter()
    meter.report(1, 4, "Reading")
    meter.report(9, 0, "Judging")
    assert capsys.readouterr() == ("", "Reading 25 %\nJudging\n")


# ------------------------------------------------------------------------------------------- as a process


def child(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A real process, with its own places."""
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
    return subprocess.run(
        [sys.executable, "-m", "desktop_crm", *arguments],
        env=os.environ | places | {"PYTHONIOENCODING": "utf-8"},
        cwd=Path(cli.__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_process_answers_like_main(demo_shop: str, own_places: Path) -> None:
    done = child("search", "王", "--shop", demo_shop, "--json", home=own_places)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["hits"]
    wrong = child("due", home=own_places)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.count("\n") == 1, "Chinese, one sentence"
    assert child("nonsense", home=own_places).returncode == 2


def test_a_command_writes_beside_an_open_shop(shop: Shop, own_places: Path) -> None:
    add_tag(shop, "x")
    before = shop.data_version()
    done = child("undo", "2", "--shop", str(shop.folder), "--json", home=own_places)
    assert done.returncode == 0, done.stderr
    assert shop.data_version() != before
    assert shop.db.rows("SELECT name FROM tags") == []
    add_tag(shop, "y")


def test_a_reader_that_goes_away_early_is_no_crash(demo_shop: str, own_places: Path) -> None:
    places = {f"XDG_{name}_HOME": str(own_places / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
    command = (
        f'"{sys.executable}" -m desktop_crm --shop "{demo_shop}" kpis --period 2026-10 --json | head -c 1'
    )
    done = subprocess.run(
        command,
        shell=True,
        env=os.environ | places,
        cwd=Path(cli.__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr


def test_an_import_of_sales_proposes_a_retier_run(terminal: Terminal, shop: Shop, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft("张三", (PhoneDraft("13800000001"),)))
    path = tmp_path / "sales.csv"
    path.write_text("姓名,手机,销售日期,商品,金额\n张三,13800000001,2026-10-01,iPhone 17,5999\n", "utf-8")
    terminal.run("--shop", str(shop.folder), "import", str(path), "--dry-run")
    assert "another tier" not in terminal.errors
    terminal.run("--shop", str(shop.folder), "import", str(path))
    assert "1 customer belongs in another tier" in terminal.errors


def test_duplicates_are_listed_and_made_one(terminal: Terminal, shop: Shop) -> None:
    assert terminal.run("--shop", str(shop.folder), "duplicates").strip() == "Nobody is there twice."
    number = (PhoneDraft("13800001111"),)
    one, two = (customers.add(shop, CustomerDraft("王建国", number, wechat=text)) for text in ("a", "b"))
    wife = customers.add(shop, CustomerDraft("李芳", number))
    with shop.change("rows", {"customers"}):
        for place in range(40):
            customers.add_within(
                shop, CustomerDraft(f"客户甲{chr(0x4E00 + place)}", (PhoneDraft("057188886666"),))
            )
    found = terminal.json("duplicates", shop=shop.folder)
    assert [(group["customer_ids"], group["confidence"]) for group in found["groups"]] == [
        ([one, two], "sure")
    ]
    assert "same name" in found["groups"][0]["reasons"]
    assert [(each["customer_id"], each["other_id"], each["kind"]) for each in found["families"]] == [
        (one, wife, "spouse"),
        (two, wife, "spouse"),
    ]
    assert [each["cards"] for each in found["shared"]] == [40]
    printed = terminal.run("--shop", str(shop.folder), "duplicates")
    assert "Sure: same phone 138 0000 1111" in printed
    assert "Family? 王建国 – 李芳" in printed
    assert "is on 40 cards" in printed
    assert "Card 99 is not one" in terminal.refused(
        "merge", str(one), str(two), "--take", "name=99", shop=shop.folder
    )
    terminal.run("--shop", str(shop.folder), "merge", str(one), str(two), "--take", "wechat", status=2)
    made = terminal.json("merge", str(one), str(two), "--take", f"wechat={two}", shop=shop.folder)
    assert (made["customer_id"], made["merged"]) == (one, [two])
    assert customers.get(shop, one).wechat == "b"
    shown = terminal.json("show", str(two), shop=shop.folder)
    assert (shown["customer"]["id"], shown["merged"][0]["left"]) == (one, {})
    assert terminal.json("undo", shop=shop.folder)["label"] == "Merge 1 card into 王建国"


def test_every_help_text_is_marked_for_translation() -> None:
    assert {place.help for place in help.written(cli.cli)} == set(help.TEXTS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--help",), "手机店的客户程序"),
        (("due", "--help"), "列出到期和逾期的跟进。"),
        (("--lang", "en", "due", "--help"), "List the follow-ups that are due or overdue."),
        (("due", "--lang", "xx", "--help"), "列出到期和逾期的跟进。"),
    ],
)
def test_help_is_in_the_readers_language(
    terminal: Terminal, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(list(arguments))
    assert words in capsys.readouterr().out
    assert cli.cli.help == help.TEXTS[0]
