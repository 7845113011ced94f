"""Several files that come in together: what a folder holds, one order, one backup, one way back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_crm import backup, customers, history
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.files.sniff import WrongPassword
from desktop_crm.importing import batches, folders, several
from desktop_crm.importing.folders import NoLists, TooManyFiles
from desktop_crm.importing.plan import decide_who
from desktop_crm.importing.several import Batch, Item
from desktop_crm.shop import Shop
from tests.files.locked_workbooks import lock
from tests.importing.sheets import text, workbook

PEOPLE = [["姓名", "手机", "来源"], ["张三", 13800000001, "抖音"], ["李四", 13800000002, ""]]
MORE = [
    ["姓名", "手机", "来源"],
    ["张三", 13800000001, "抖音"],
    ["王五", 13800000003, ""],
    ["坏", "1.38E+10", ""],
]
SALES = [
    ["日期", "手机", "商品", "金额"],
    ["2026-01-01", 13800000001, "膜", 30],
    ["2026-01-02", 13800000003, "壳", 49],
]


class Told:
    """A progress that remembers, and cancels at a text."""

    def __init__(self, cancel_at: str = "") -> None:
        self.texts: list[str] = []
        self._cancel_at = cancel_at

    def report(self, done: int, total: int, text: str = "") -> None:
        self.texts.append(text)
        if self._cancel_at and self._cancel_at in text:
            raise Cancelled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an owner may drop on the window: sales before customers, two years, and what lies about."""
    place = tmp_path / "老资料"
    (place / "10 年").mkdir(parents=True)
    (place / "9 年").mkdir()
    workbook(place / "10 年" / "客户.xlsx", ("客户", MORE))
    workbook(place / "9 年" / "全部.xlsx", ("销售", SALES), ("说明", [["请按模板填写"]]), ("客户", PEOPLE))
    return place


def looked(shop: Shop, *paths: Path) -> Batch:
    """A batch of what lies there."""
    files, passed = folders.find(paths)
    return Batch([item for path in files for item in several.look(shop, path)], passed)


def names(shop: Shop) -> list[str]:
    return [row[0] for row in shop.db.rows("SELECT name FROM customers WHERE deleted_at IS NULL ORDER BY id")]


def count(shop: Shop, table: str) -> int:
    found: int = shop.db.value(f"SELECT count(*) FROM {table}")
    return found


def test_a_folder_is_searched_in_natural_order_and_what_is_no_list_is_told(folder: Path) -> None:
    (folder / "~$客户.xlsx").write_bytes(b"lock")
    (folder / ".hidden.csv").write_text("姓名,手机\n", "utf-8")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    (folder / "empty.csv").touch()
    (folder / "locked.xlsx").write_bytes(b"PK\x03\x04broken")
    (folder / "z copy.xlsx").write_bytes((folder / "9 年" / "全部.xlsx").read_bytes())
    os.mkfifo(folder / "pipe")
    told = Told()
    files, passed = folders.find([folder], told)
    assert [path.relative_to(folder).as_posix() for path in files] == [
        "locked.xlsx",
        "z copy.xlsx",
        "10 年/客户.xlsx",
    ]
    assert {each.path.name for each in passed} == {"photo.jpg", "empty.csv", "pipe", "全部.xlsx"}
    assert (
        next(each.why for each in passed if each.path.name == "全部.xlsx") == "It is the same as z copy.xlsx."
    )
    assert told.texts[0] == "Looking into 老资料…"


def test_files_that_somebody_names_are_meant_even_twice(folder: Path) -> None:
    one, copy = folder / "10 年" / "客户.xlsx", folder / "copy.xlsx"
    copy.write_bytes(one.read_bytes())
    gone = folder / "gone.xlsx"
    assert folders.find([one, copy, gone, one]) == ([one, copy, gone], [])


def test_a_shop_in_the_folder_is_no_list(shop: Shop, folder: Path) -> None:
    files, passed = folders.find([shop.folder.parent])
    assert {path.name for path in files} == {"全部.xlsx", "客户.xlsx"}
    assert [(each.path, each.why) for each in passed] == [
        (shop.folder, "This is a shop of this program, not a list.")
    ]


def test_a_folder_without_lists_and_one_with_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "leer"
    place.mkdir()
    with pytest.raises(NoLists, match="There is no list in leer"):
        folders.find([place])
    for number in range(4):
        text(place / f"{number}.csv", [["姓名"], [f"人{number}"]])
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    with pytest.raises(TooManyFiles, match="more than 3 files"):
        folders.find([place])
    monkeypatch.setattr(folders, "_MOST_SEEN", 2)
    with pytest.raises(TooManyFiles):
        folders.find([place])


def test_a_link_that_leads_nowhere_is_told_when_it_is_read(shop: Shop, folder: Path) -> None:
    (folder / "link.xlsx").symlink_to(folder / "gone.xlsx")
    batch = looked(shop, folder)
    assert batch.items[0].state == "unreadable"
    assert "is not there any more" in str(batch.items[0].problem)


def test_every_sheet_is_a_line_and_customers_come_before_what_they_bought(shop: Shop, folder: Path) -> None:
    batch = looked(shop, folder)
    assert [(item.path.name, item.sheet, item.kind, item.state) for item in batch.items] == [
        ("全部.xlsx", "销售", "purchases", "ready"),
        ("全部.xlsx", "客户", "customers", "ready"),
        ("客户.xlsx", "客户", "customers", "ready"),
    ]
    assert len({item.id for item in batch.items}) == 3
    assert [item.sheet for item in batch.order()] == ["客户", "客户", "销售"]
    assert [batch.total(verdict) for verdict in ("new", "bad")] == [6, 1]
    told = Told()
    several.write_all(shop, batch, told)
    assert names(shop) == ["张三", "李四", "王五"]
    assert count(shop, "purchases") == 2
    assert [item.state for item in batch.items] == ["written"] * 3
    assert [batch.total(verdict) for verdict in ("new", "same", "bad")] == [5, 1, 1]
    assert told.texts[0] == "1 of 3, 全部.xlsx: Making a backup…"
    assert told.texts[-1].startswith("3 of 3, 全部.xlsx: ")
    assert [made.why for made in backup.listing(shop)] == ["import"]
    batch.close()


def test_all_is_taken_back_at_once_and_done_again(shop: Shop, folder: Path) -> None:
    before = count(shop, "changes")
    batch = looked(shop, folder)
    several.write_all(shop, batch)
    assert [each.total("new") for each in batches.latest(shop)] == [5]
    told = Told()
    back = several.take_back(shop, batches.latest(shop)[0].changes, told)
    assert (back.sheets, back.left, back.refused) == (3, (), ())
    assert told.texts == ["Taking back…"] * 3
    assert (names(shop), count(shop, "purchases"), batches.latest(shop)) == ([], 0, [])
    for _sheet in range(3):
        history.redo(shop)
    assert names(shop) == ["张三", "李四", "王五"]
    assert count(shop, "purchases") == 2
    assert [each.changes for each in batches.latest(shop)] == [[before + 1, before + 2, before + 3]]


def test_what_was_built_upon_stays_and_is_told(shop: Shop, folder: Path) -> None:
    batch = looked(shop, folder)
    several.write_all(shop, batch)
    person = shop.db.value("SELECT id FROM customers WHERE name = '李四'")
    customers.edit(shop, person, note="neu")
    changes = batch.changes
    history.undo(shop, changes[2])
    back = several.take_back(shop, changes)
    assert back.sheets == 2
    assert back.left_count == len(back.left) == 1
    assert back.refused == (f"“{history.step_of(shop, changes[2]).label}” was already undone.",)  # type: ignore[union-attr]
    assert names(shop) == ["李四"]


def test_batches_are_listed_the_newest_first(shop: Shop, folder: Path, tmp_path: Path) -> None:
    shop_changes = looked(shop, folder)
    several.write_all(shop, shop_changes)
    alone = looked(shop, text(tmp_path / "neu.csv", [["姓名", "手机"], ["赵六", "13800000009"]]))
    several.write_all(shop, alone)
    found = batches.latest(shop)
    assert [(each.files, len(each.sheets), each.total("rows")) for each in found] == [
        (["neu.csv"], 1, 1),
        (["全部.xlsx", "客户.xlsx"], 3, 7),
    ]
    assert len({each.id for each in found}) == 2
    assert batches.latest(shop, 1) == found[:1]


@pytest.mark.parametrize(
    "moment", ["1 of 3, 全部.xlsx: Making a backup", "2 of 3, 客户.xlsx: Writing", "3 of 3"]
)
def test_cancelling_leaves_nothing_behind(shop: Shop, folder: Path, moment: str) -> None:
    batch = looked(shop, folder)
    with pytest.raises(Cancelled):
        several.write_all(shop, batch, Told(moment))
    assert (names(shop), count(shop, "purchases"), count(shop, "imports")) == ([], 0, 0)


def test_cancelling_while_a_file_is_looked_at_leaves_nothing_behind(
    shop: Shop, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    class Second(Told):
        def report(self, done: int, total: int, text: str = "") -> None:
            super().report(done, total, text)
            if self.texts.count("Comparing with the shop…") == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        several.look(shop, folder / "9 年" / "全部.xlsx", progress=Second())
    assert not list(tmp_path.glob("desktop-crm-*"))


def test_a_sheet_that_cannot_be_written_takes_the_others_back(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = looked(shop, folder)
    real = several.apply

    def refuse(shop: Shop, plan: object, *more: object, **wishes: object) -> int | None:
        if plan is batch.items[0].plan:
            raise CrmError("The disk is full.")
        return real(shop, plan, *more, **wishes)  # type: ignore[arg-type]

    monkeypatch.setattr(several, "apply", refuse)
    with pytest.raises(CrmError, match="The disk is full"):
        several.write_all(shop, batch)
    assert names(shop) == []
    assert batch.items[0].state == "unreadable"
    assert several.write_next(shop, batch) is None


def test_what_is_left_out_is_not_written(shop: Shop, folder: Path) -> None:
    batch = looked(shop, folder)
    batch.items[0].wanted = False
    several.write_all(shop, batch)
    assert (count(shop, "customers"), count(shop, "purchases")) == (3, 0)
    assert batch.items[0].state == "left_out"
    again = looked(shop, folder)
    assert [item.state for item in again.items] == ["ready", "nothing", "nothing"]
    written = looked(shop, folder)
    several.write_all(shop, written)
    several.take_back(shop, written.changes)
    written.forget_written()
    assert [item.state for item in written.items] == ["ready", "nothing", "nothing"]
    assert (written.first, written.changes) == (None, [])
    several.write_all(shop, written)
    assert count(shop, "purchases") == 2


def test_lines_say_what_they_wait_for(shop: Shop, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft("王小明", (PhoneDraft("13800000001"),)))
    big5 = text(tmp_path / "big5.csv", [["姓名", "手機"], ["陳", "13800000005"]], encoding="big5")
    days = text(
        tmp_path / "days.csv", [["姓名", "手机", "生日", "?"], ["赵六", "13800000007", "03/04/1990", "x"]]
    )
    family = text(tmp_path / "family.csv", [["姓名", "手机"], ["李四", "13800000001"]])
    picture = tmp_path / "photo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 8)
    batch = looked(shop, big5, days, family, picture)
    batch.items.insert(0, Item(tmp_path / "later.csv"))
    assert [item.state for item in batch.items] == ["waiting", "encoding", "asks", "asks", "unreadable"]
    assert [item.waits for item in batch.items] == [0, 0, 0, 1, 0]
    assert [item.unsure for item in batch.items] == [0, 0, 1, 0, 0]
    assert batch.items[0].count("new") == 0
    assert (batch.items[1].sheet, batch.items[1].kind) == ("", None)
    batch.replace(batch.items[1], several.look(shop, big5, encoding="big5"))
    assert batch.items[1].state == "ready"
    assert batch.items[1].wishes == {"encoding": "big5"}
    several.judge_all(shop, batch, "skip")
    assert batch.policy == batch.items[3].plan.policy == "skip"  # type: ignore[union-attr]
    batch.close()


def test_passwords_that_opened_one_workbook_are_tried_on_the_next(shop: Shop, tmp_path: Path) -> None:
    book = lock(workbook(tmp_path / "a.xlsx", ("客户", PEOPLE)), "8866")
    (asked,) = several.look(shop, book)
    assert asked.state == "password"
    (still,) = several.look(shop, book, known=["1", "2"])
    assert (still.state, str(still.problem)) == ("password", str(asked.problem))
    for wishes in ({"password": "1"}, {"passwords": ["1", "2"]}):
        (wrong,) = several.look(shop, book, **wishes)
        assert isinstance(wrong.problem, WrongPassword)
    (opened,) = several.look(shop, book, passwords=["1"], known=["8866", "2"])
    assert (opened.state, opened.wishes) == ("ready", {"password": "8866"})
    opened.plan.close()  # type: ignore[union-attr]


def test_rows_that_waited_come_in_with_a_second_writing(shop: Shop, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft("王小明", (PhoneDraft("13800000001"),)))
    batch = looked(
        shop, text(tmp_path / "a.csv", [["姓名", "手机"], ["李四", "13800000001"], ["赵六", "13800000007"]])
    )
    several.write_all(shop, batch)
    (item,) = batch.items
    assert (item.state, item.waits, len(item.changes)) == ("asks", 1, 1)
    assert item.plan is not None
    decide_who(shop, item.plan, "asks", "new")
    item.hold(item.plan)
    assert (item.state, item.count("new"), item.count("same")) == ("ready", 2, 0)
    several.write_all(shop, batch)
    assert (item.state, item.count("new"), item.count("same")) == ("written", 2, 0)
    assert names(shop) == ["王小明", "赵六", "李四"]
    assert len(batches.latest(shop)) == 1
    assert several.take_back(shop, batch.changes).sheets == 2
    assert names(shop) == ["王小明"]


def test_bad_rows_of_every_sheet_get_a_workbook_of_their_own(shop: Shop, tmp_path: Path) -> None:
    bad = [["姓名", "手机"], ["坏", "1.38E+10"]]
    book = workbook(tmp_path / "会员.xlsx", ("一店", bad), ("二店", bad))
    alone = text(tmp_path / "名单.csv", bad)
    batch = looked(shop, book, alone)
    out = tmp_path / "out"
    assert [path.name for path in several.write_rejects(batch, out)] == [
        "会员 一店 – to be mended.xlsx",
        "会员 二店 – to be mended.xlsx",
        "名单 – to be mended.xlsx",
    ]
    assert [path.name for path in several.write_rejects(batch, out)][2] == "名单 – to be mended (2).xlsx"
    (again,) = several.look(shop, out / "名单 – to be mended.xlsx")
    assert again.count("bad") == 1


def test_the_report_tells_all_files(shop: Shop, folder: Path) -> None:
    (folder / "empty.csv").touch()
    batch = looked(shop, folder)
    several.write_all(shop, batch)
    found = several.report(batch)
    assert [(entry["sheet"], entry["new"], entry["change_id"]) for entry in found["files"]] == [
        ("销售", 2, batch.changes[2]),
        ("客户", 2, batch.changes[0]),
        ("客户", 1, batch.changes[1]),
    ]
    assert found["change_id"] == batch.changes[2]
    assert [entry["file"] for entry in found["passed_over"]] == [str(folder / "empty.csv")]
