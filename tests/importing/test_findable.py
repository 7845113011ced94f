"""Cards that come by the thousand: found, counted, taken back and brought again like those that were typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import customers, history, integrity, search
from desktop_crm.base.errors import Cancelled
from desktop_crm.customers import CustomerDraft
from desktop_crm.importing import applying, findable, plan
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures, index_beside, journal, migrations
from desktop_crm.store import open as store_open
from desktop_crm.store import search as store_search
from desktop_crm.store import search_tokens as tokens
from tests.importing.sheets import bring, rehearsed

# cells are whatever people write
HEAD: list[Any] = [
    "姓名",
    "手机",
    "微信",
    "会员卡号",
    "标签",
    "备注",
    "机型",
    "IMEI",
    "介绍人",
    "下次联系",
    "负责人",
]
ROWS: list[list[Any]] = [
    ["张三", 13800000001, "zs_88", "A0001", "老客户,学生", "喜欢拍照", "iPhone 17", "490154203237518", "", "", "李娜"],
    ["John Smith", "13800000002 / 0571-88661234", "", "", "", "", "", "", "张三", "", ""],
    ["王建国", 13800000003, "wjg", "", "老客户", "", "", "", "谁也不是", "2099-01-02", ""],
    ["", 13800000004, "", "", "", "周末来", "", "", "", "", ""],
    ["陈晨", 13800000005, "陈cc", "卡-77", "", "", "Mate 80", "", "", "", "李娜"],
    ["李雷", 13800000006, "", "", "", "", "", "", "", "", ""],
    ["欧阳娜娜", 13800000007, "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


class Told:
    """Remembers what was told, and cancels at the report of that number."""

    def __init__(self, last: int = 10**9) -> None:
        self.told: list[tuple[int, int, str]] = []
        self._last = last

    def report(self, done: int, total: int, text: str = "") -> None:
        self.told.append((done, total, text))
        if len(self.told) == self._last:
            raise Cancelled


@pytest.fixture(autouse=True)
def a_few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three or four cards at a time, and two are as many as two thousand."""
    monkeypatch.setattr(findable, "_MANY", 2)
    monkeypatch.setattr(applying, "_STEP", 4)
    monkeypatch.setattr(findable, "_PIECE", 3)
    monkeypatch.setattr(journal, "_BULK", 2)


def words(shop: Shop) -> list[tuple[Any, ...]]:
    """Every word of the search index with the number of cards it leads to; the index itself is sound."""
    with shop.upkeep():
        shop.db.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
        shop.db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_index, 'row')")
        found = shop.db.rows("SELECT term, doc FROM temp.words ORDER BY 1")
        shop.db.execute("DROP TABLE temp.words")
    return found


def anew(shop: Shop) -> list[tuple[Any, ...]]:
    """The same of an index that is made from nothing; it stays."""
    with shop.upkeep():
        store_search.mark_all(shop.db)
    return words(shop)


def found(shop: Shop, typed: str) -> list[str]:
    """The names that search finds."""
    return [hit.name for hit in search.find(shop, typed).hits]


def names(shop: Shop) -> list[str]:
    """All cards."""
    return [
        name for (name,) in shop.db.rows("SELECT name FROM customers WHERE deleted_at IS NULL ORDER BY id")
    ]


def test_they_are_found_by_all_that_they_have(shop: Shop) -> None:
    bring(shop, [HEAD, *ROWS])
    assert words(shop) == anew(shop)
    for typed in (
        "zhangsan",
        "0001",
        "zs88",
        "A0001",
        "tag:学生",
        "note:拍照",
        "237518",
        "88661234",
        "smith",
        "李雷",
    ):
        assert found(shop, typed), typed
    assert found(shop, "note:谁也不是") == ["王建国"], "what was added to a card after it was taken up"
    assert integrity.check(shop) == []
    assert customer_figures.wrong(shop.db) == 0


def test_they_join_those_that_are_there_and_stay_when_these_go(shop: Shop) -> None:
    for number in range(5):
        customers.add(shop, CustomerDraft(f"旧客{number}"))
    customers.delete(shop, [2])
    bring(shop, [HEAD, *ROWS])
    bring(
        shop,
        [HEAD, *([f"新{row[0]}", row[1] + 100, *row[2:3], "", *row[4:7], "", *row[8:]] for row in ROWS[2:])],
    )
    before = words(shop)
    assert found(shop, "旧客4") == ["旧客4"]
    assert found(shop, "新李雷") == ["新李雷"]
    customers.edit(shop, shop.db.value("SELECT id FROM customers WHERE name = '李雷'"), name="李磊")
    assert found(shop, "lilei")
    assert "李雷" not in found(shop, "李雷")
    history.undo(shop)
    assert words(shop) == before == anew(shop)


def test_done_undone_redone(shop: Shop) -> None:
    customers.add(shop, CustomerDraft("旧客"))
    before = words(shop)
    bring(shop, [HEAD, *ROWS])
    after = words(shop)
    history.undo(shop)
    assert names(shop) == ["旧客"]
    assert words(shop) == before
    history.redo(shop)
    assert len(names(shop)) == 1 + len(ROWS)
    assert words(shop) == after
    assert customer_figures.wrong(shop.db) == 0
    assert integrity.check(shop) == []


def test_many_at_the_end_of_a_change_are_one_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(shop, [HEAD, *ROWS])
    after = words(shop)
    monkeypatch.setattr(store_search, "_BULK", 2)
    monkeypatch.setattr(store_search, "_CHUNK", 3)
    history.undo(shop)
    history.redo(shop)
    assert words(shop) == after
    assert shop.db.value("SELECT v FROM search_index_config WHERE k = 'hashsize'") == 1 << 20, (
        "as SQLite has it"
    )


def test_pieces_are_merged_where_there_are_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_beside, "_MOST_SEGMENTS", 0)
    bring(shop, [HEAD, *ROWS])
    assert words(shop) == anew(shop)


def test_what_search_learns_only_later_waits_for_the_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findable, "IndexBeside", None)  # nobody asks for it
    bring(shop, [["姓名", "手机", "偏好"], *([row[0], row[1], f"要大屏{row[1]}"] for row in ROWS)])
    assert words(shop) == anew(shop)


def test_people_that_sales_bring_are_found_by_what_they_bought(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findable, "IndexBeside", None)  # nobody asks for it
    head = ["日期", "姓名", "手机", "商品", "金额", "IMEI"]
    bring(
        shop,
        [
            head,
            *(
                ["2026-01-02", row[0], row[1], "iPhone 17", 5999, f"35000000000{n}000"]
                for n, row in enumerate(ROWS)
            ),
        ],
    )
    assert words(shop) == anew(shop)
    assert found(shop, "002000") == ["王建国"]
    assert customer_figures.wrong(shop.db) == 0


def test_cancelled_at_any_moment_nothing_is_left(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    empty, parts = words(shop), migrations.present_parts(shop.db)
    with rehearsed(shop, [HEAD, *ROWS]) as staged:
        changes = shop.db.value("SELECT max(id) FROM changes")
        for last in range(1, 100):
            whole = Told(last)
            try:
                plan.apply(shop, staged, whole)
                break
            except Cancelled:
                assert names(shop) == []
                assert words(shop) == empty
                assert migrations.present_parts(shop.db) == parts
                assert shop.db.value("SELECT max(id) FROM changes") == changes
                assert len(list(scratch.glob("desktop-crm-*"))) == 1, "the rehearsed rows"
                assert not any(thread.name == "index-beside" for thread in threading.enumerate())
        assert last > 8
    assert len(names(shop)) == len(ROWS)
    assert words(shop) == anew(shop)
    store_open.check_whole(shop.db)
    assert list(scratch.iterdir()) == []
    texts = list(dict.fromkeys(text for _done, _total, text in whole.told))
    assert texts[-2:] == ["Adding up the figures of the customers…", "Making everything searchable…"]
    assert all(0 <= done <= total or total == 0 for done, total, _text in whole.told)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The second thread stands still until this is called; one chunk may wait for it."""
    go, real = threading.Event(), tokens.documents

    def documents(hanging: Any, cards: Any) -> Iterator[tuple[int, str]]:  # Any: as marshalled
        assert go.wait(60)
        return real(hanging, cards)

    monkeypatch.setattr(tokens, "documents", documents)
    monkeypatch.setattr(index_beside, "_MOST_WAITING", 1)
    monkeypatch.setattr(applying, "_STEP", 2)
    monkeypatch.setattr(findable, "_PIECE", 2)
    return go.set


def test_who_waits_for_the_index_is_told_so(shop: Shop, slow: Callable[[], None]) -> None:
    class Goes(Told):
        def report(self, done: int, total: int, text: str = "") -> None:
            super().report(done, total, text)
            if text.startswith("Making everything"):
                slow()

    told = Goes()
    with rehearsed(shop, [HEAD, *ROWS]) as staged:
        plan.apply(shop, staged, told)
    first = next(
        place for place, (_d, _t, text) in enumerate(told.told) if text.startswith("Making everything")
    )
    assert told.told[first][:2] == (0, 6), "before all cards were written"
    assert told.told[first + 1][2] == "Writing…"
    assert words(shop) == anew(shop)


def test_who_waits_for_the_index_can_cancel(shop: Shop, slow: Callable[[], None]) -> None:
    class Cancels(Told):
        def report(self, done: int, total: int, text: str = "") -> None:
            if text.startswith("Making everything"):
                threading.Timer(0.2, slow).start()  # when the import has long been ending
                raise Cancelled

    with rehearsed(shop, [HEAD, *ROWS]) as staged, pytest.raises(Cancelled):
        plan.apply(shop, staged, Cancels())
    assert names(shop) == []


def test_a_failure_of_the_second_thread_ends_the_import(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def documents(_hanging: Any, _cards: Any) -> Iterator[tuple[int, str]]:  # Any: as marshalled
        raise MemoryError

    monkeypatch.setattr(tokens, "documents", documents)
    with rehearsed(shop, [HEAD, *ROWS]) as staged, pytest.raises(MemoryError):
        plan.apply(shop, staged)
    assert names(shop) == []


def test_an_index_of_an_unknown_form_is_left_alone(shop: Shop) -> None:
    with shop.upkeep():
        shop.db.execute("UPDATE search_index_data SET block = x'0000000000000000' WHERE id = 10")
    with rehearsed(shop, [HEAD, *ROWS]) as staged, pytest.raises(RuntimeError, match="unknown form"):
        plan.apply(shop, staged)
    assert names(shop) == []
