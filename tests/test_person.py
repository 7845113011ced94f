"""Erasing a person for good: nothing of them is left in any byte, the books stay, and nothing brings them back."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import (
    audit,
    audit_list,
    backup,
    balance,
    complaints,
    customers,
    devices,
    followups,
    history,
    integrity,
    kpis,
    merge,
    notes,
    person,
    purchases,
    restore,
    search,
    staff,
    tags,
)
from desktop_crm.base import log
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import parse_period
from desktop_crm.kpi_definitions import BY_KEY
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.staff import Role
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.store import erased as erased_list
from desktop_crm.store import journal
from desktop_crm.store import person as store
from desktop_crm.store.person_columns import COLUMNS, GONE, IDENTIFIERS, STRUCTURED
from tests.importing.sheets import bring
from tests.raw_pages import all_bytes, files_below
from tests.zilpzalp import (
    NAME,
    NUMBER,
    PERSON_TABLES,
    SONG,
    Bird,
    every_text_column,
    hanging_tables,
    hatch,
)


def _found(bird: Bird, data: bytes) -> list[str]:
    """Words of the person that stand in these bytes, also pieces of those that the search keeps."""
    low = data.lower()
    pieces = {SONG[start : start + 4] for start in range(len(SONG) - 3)}
    wanted = bird.all_words() | {NAME, NUMBER, "0099 7766"} | pieces
    return sorted(word for word in wanted if word.lower().encode() in low)


def test_every_text_column_of_the_file_is_classified(shop: Shop) -> None:
    present = every_text_column(shop.db)
    known = {(table, column) for table, columns in COLUMNS.items() for column in columns}
    assert set(present) - known == set(), "say in store/person_columns.py what it says of a customer"
    assert known - set(present) == set()
    assert set(present.values()) == {"TEXT"}


def test_every_table_that_hangs_on_customers_goes_or_is_emptied(shop: Shop) -> None:
    assert hanging_tables(shop.db) == set(PERSON_TABLES)
    for table, columns in IDENTIFIERS.items():
        assert {COLUMNS[table][column] for column in columns} == {"own"}
    assert set(GONE) <= {*PERSON_TABLES, "tags"}
    assert {COLUMNS[table][column] for table, column in STRUCTURED} == {"words"}


def test_no_byte_of_an_erased_person_is_left_anywhere(shop: Shop, tmp_path: Path) -> None:
    log_file = log.start(tmp_path / "log")
    bird = hatch(shop)
    wanted = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column, meaning in columns.items()
        if meaning in ("own", "words") and table in {*PERSON_TABLES, "customers", "tags"}
        and (table, column) not in _CHOICES
    }  # fmt: skip
    assert wanted <= set(bird.words), "the person has a word in every column that may be about them"
    shop.settle()
    before, findings = all_bytes(shop), integrity.check(shop)
    assert len(_found(bird, before)) > len(bird.all_words()), "the test sees what there is to see"

    done = person.erase(shop, bird.customer_id)

    assert done.is_settled
    assert _found(bird, all_bytes(shop)) == []
    for path, data in files_below(shop.folder, tmp_path / "home", log_file.parent).items():
        assert _found(bird, data) == [], path
    for path in Path(tempfile.gettempdir()).glob("desktop-crm-*"):
        assert _found(bird, path.read_bytes() if path.is_file() else b"") == [], path
    assert integrity.check(shop) == findings


_CHOICES = {("customers", "gender"), ("customers", "consent")}
"""Values of one or two words that everybody has."""


def test_nothing_comes_back_by_undo_and_history_says_why(shop: Shop) -> None:
    bird = hatch(shop)
    steps = {step.label: step.id for step in history.changes(shop)}
    done = person.erase(shop, bird.customer_id)
    assert not any(NAME in step.label for step in history.changes(shop))
    for label in (f"Add customer {NAME}", f"Edit customer {NAME}", f"Remove things of {NAME}"):
        with pytest.raises(
            history.CannotUndo, match=r"A step about somebody who was erased.*erased for good"
        ):
            history.undo(shop, steps[label])
    with pytest.raises(history.CannotUndo, match="erased for good"):
        history.undo(shop, done.change_id)
    history.undo(shop, steps["A step of many"])
    assert _found(bird, all_bytes(shop)) == []


def test_a_step_about_several_is_undone_for_the_others_only(shop: Shop) -> None:
    one, other = _add(shop, "甲一一", "13800000001"), _add(shop, "乙二二", "13800000002")
    with shop.change("Move 甲一一 and others", {"customers"}) as change:
        for customer_id in (one, other):
            customers.edit_within(shop, customer_id, region="余杭区")
    person.erase(shop, one)
    step = history.step_of(shop, change.id)
    assert step is not None
    assert step.label == "Move … and others"
    history.undo(shop, change.id)
    assert customers.get(shop, other).region == ""
    assert customers.get(shop, one).name == "Erased customer"
    history.redo(shop)
    assert customers.get(shop, other).region == "余杭区"
    assert customers.get(shop, one).region == ""


def test_the_books_and_every_figure_stay(sample_shop: Shop) -> None:
    buyers = sample_shop.db.rows(
        "SELECT customer_id FROM purchases WHERE customer_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 8"
    )
    before = _books(sample_shop)
    for (customer_id,) in buyers:
        person.erase(sample_shop, customer_id)
    assert _books(sample_shop) == before
    assert integrity.check(sample_shop) == []


def _books(shop: Shop) -> dict[str, object]:
    found: dict[str, object] = {}
    for period in ("2026-10", "2026-Q3", "2026", "2025"):
        for key, value in kpis.all(shop, parse_period(period)).items():
            if BY_KEY[key].group != "data":  # how well the cards are kept
                found[f"{period} {key}"] = value
    found["sums"] = shop.db.rows(
        "SELECT count(*), sum(total_fen), (SELECT sum(amount_fen) FROM refunds), (SELECT sum(points) FROM point_entries), "
        "(SELECT sum(amount_fen) FROM balance_entries), (SELECT count(*) FROM customers) FROM purchases"
    )
    return found


def test_the_audit_trail_keeps_that_it_happened_and_says_no_more_and_still_holds(shop: Shop) -> None:
    bird = hatch(shop)
    audit.note(shop, "reveal", customer_id=bird.customer_id, details={"label": "Looked at the number"})
    audit.note(shop, "export", details={"label": f"Saved as {NAME}.pdf"})
    audit.note(shop, "export", details={"label": "Saved as others.pdf"})
    person.erase(shop, bird.customer_id)
    assert audit.verify(shop).is_whole
    lines = {line.entry.action: line for line in audit_list.about(shop, bird.customer_id)}
    assert lines["reveal"].is_blank
    assert not lines["erase"].is_blank
    exports = [line for line in audit_list.lines(shop) if line.entry.action == "export"]
    assert [line.is_blank for line in exports] == [False, True]


def test_an_import_is_undone_and_done_again_without_them(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "备注"],
        ["端木赐", "+86 138 0000 0031", "住在西湖边上"],
        ["颜回", "138-0000-0032", "好学"],
        ["仲由", "138-0000-0033", "端木赐的同学"],
    ]
    bring(shop, rows)
    change = history.changes(shop)[0].id
    erased = customers.by_phone(shop, "13800000031")[0].id
    person.erase(shop, erased)
    for _again in range(2):
        left = all_bytes(shop)
        assert [
            word for word in ("端木赐", "13800000031", "0000 0031", "西湖边") if word.encode() in left
        ] == []
        assert customers.by_phone(shop, "13800000032")[0].note == "好学"
        assert customers.by_phone(shop, "13800000033")[0].note == "…的同学"
        history.undo(shop, change)
        assert customers.by_phone(shop, "13800000032") == []
        history.redo(shop)
    assert integrity.check(shop) == []


def test_a_card_that_went_into_another_is_the_same_person(shop: Shop) -> None:
    kept, other = _add(shop, "周一一", "13800000001"), _add(shop, "周一二", "13800000002", note="老同学")
    merge.merge(shop, kept, [other])
    assert person.preview(shop, other).customer_id == kept
    assert person.preview(shop, other).cards == 2
    done = person.erase(shop, other)
    assert done.customer_id == kept
    assert {line.customer_id for line in person.listing(shop)} == {kept, other}
    assert "老同学".encode() not in all_bytes(shop)
    assert "周一二".encode() not in all_bytes(shop)


def test_somebody_in_the_recycle_bin_can_be_erased(shop: Shop) -> None:
    gone = _add(shop, "郑三三", "13800000003")
    customers.delete(shop, [gone])
    person.erase(shop, gone)
    assert "郑三三".encode() not in all_bytes(shop)
    assert customers.get(shop, gone).deleted_at is not None


def test_others_who_name_them_are_struck_out_and_shown_before(shop: Shop) -> None:
    erased = _add(shop, "欧阳青", "13800000004", wechat="qing_2020", card_no="VIP00017")
    other = _add(
        shop,
        "同事",
        "13800000005",
        note="欧阳青的同事，欧阳青青不是；微信 qing_2020，电话+8613800000004、138-0000-0004，卡 VIP000171",
    )
    person_note = notes.add(shop, other, "等 138 0000 0004 回电")
    shown = person.preview(shop, erased)
    assert len(shown.mentions) == 2
    done = person.erase(shop, erased)
    assert done.struck >= 2
    assert customers.get(shop, other).note == "…的同事，…青不是；微信 …，电话…、…，卡 VIP000171"
    assert notes.get(shop, person_note).text == "等 … 回电"


WAYS = (
    "13805718866", "138.0571.8866", "138－0571－8866", "1380571 8866", "１３８０５７１８８６６", "138 05718866",
    "138  0571  8866", "138\t0571\t8866", "(138) 0571/8866", "138·0571·8866", "8613805718866", "+86 138-0571-8866",
    "0086 138 0571 8866", "（+86）13805718866", "057188665544", "0571-88665544", "0571 8866 5544", "(0571)8866-5544",
    "0571——88665544", "+86 571 8866 5544", "+81 90 1234 5678", "0081-90-1234-5678", "86 012345 678901 7",
)  # fmt: skip
"""Ways of writing the numbers of the person of the next test."""


@pytest.mark.parametrize("way", WAYS)
def test_a_number_is_struck_out_in_whatever_way_it_is_written(shop: Shop, way: str) -> None:
    numbers = ("13805718866", "057188665544", "+819012345678")
    erased = _add(shop, "张伟", *numbers)
    devices.add(shop, erased, "iPhone 15", imei="860123456789017")
    other = _add(shop, "客人", "13800000007", note="改前")
    customers.edit(shop, other, note=f"朋友：{way}，多谢")
    customers.edit(shop, other, preferences="改后")
    told = audit.note(shop, "print", details={"label": f"Printed for {way}"})
    assert len(person.preview(shop, erased).mentions) == 1
    person.erase(shop, erased)
    note = customers.get(shop, other).note
    digits = "".join(each for each in note if each.isdigit())
    assert ("…" in note, digits, note[:3], note[-3:]) == (True, "", "朋友：", "，多谢")
    assert shop.db.value("SELECT details FROM audit WHERE id = ?", (told,)) is None
    assert not [
        before
        for (before,) in shop.db.rows("SELECT before FROM journal WHERE before IS NOT NULL")
        if way in str(json.loads(before))
    ]


def test_other_numbers_with_these_digits_stay(shop: Shop) -> None:
    erased = _add(shop, "张伟", "13805718866", card_no="20260301")
    kept = "订单 9138057188660，2138 0571 8866，1380571886，13805718866x，138，0571，8866，2026-03-01"
    other = _add(shop, "客人", "13800000007", note=kept)
    assert person.preview(shop, erased).mentions == ()
    person.erase(shop, erased)
    assert customers.get(shop, other).note == kept


def test_longer_words_that_begin_like_their_name_stay(shop: Shop) -> None:
    erased = _add(shop, "Maria Kowalski", "13800000006")
    other = _add(shop, "客人", "13800000007", note="Maria Kowalskich came along")
    person.erase(shop, erased)
    assert customers.get(shop, other).note == "Maria Kowalskich came along"


def test_what_others_have_too_stays_where_it_stands(shop: Shop) -> None:
    erased = _add(shop, "高兴", "13800000006")
    _add(shop, "高兴明", "13800000006")
    other = _add(shop, "客人", note="很高兴，家里电话 13800000006")
    assert person.preview(shop, erased).mentions == ()
    person.erase(shop, erased)
    assert customers.get(shop, other).note == "很高兴，家里电话 13800000006"
    assert "Add customer 高兴" not in [step.label for step in history.changes(shop)]


def test_labels_of_steps_too_old_to_tell_lose_every_name(shop: Shop) -> None:
    erased, other = _add(shop, "高兴"), _add(shop, "高兴明")
    with shop.upkeep():
        journal.trim(shop.db, "2099-01-01", 10**9)
    customers.edit(shop, other, region="余杭区")
    person.erase(shop, erased)
    labels = [step.label for step in history.changes(shop)]
    assert "Edit customer 高兴明" in labels
    assert labels.count("Add customer …") == 1
    assert "Add customer …明" in labels, "nobody can tell any more whom it was about"


def test_without_a_log_nothing_is_left_in_it(tmp_path: Path) -> None:
    assert store.log_is_empty(tmp_path)


def test_a_tag_or_a_view_that_names_them_goes_on_under_another_name(shop: Shop) -> None:
    erased, other = (
        _add(shop, "司马懿", tags=("司马懿的圈子", "他自己")),
        _add(shop, "客人", tags=("司马懿的圈子",)),
    )
    tags.add(shop, "…的圈子")
    person.erase(shop, erased)
    (tag,) = customers.tags(shop, other)
    assert tag.startswith("…的圈子 ")
    assert "他自己" not in {each.name for each in tags.listing(shop)}


def test_lists_of_values_lose_them_too(shop: Shop) -> None:
    erased = _add(shop, "司马懿", "13800000021")
    other = _add(shop, "客人")
    cells = {"电话": 13800000021, "备注": ["司马懿的同事", 1.5, None], "司马懿": "是"}
    with shop.change("import", {"imports"}):
        shop.db.execute(
            "INSERT INTO imports (file_name, sheet, kind, at, rows, new, updated, same, skipped, bad) "
            "VALUES ('a.xlsx', '', 'customers', '2026-11-01T00:00:00Z', 1, 1, 0, 0, 0, 0)"
        )
        shop.db.execute(
            "INSERT INTO import_originals (import_id, row, customer_id, cells) VALUES (1, 2, ?, ?)",
            (other, json.dumps(cells, ensure_ascii=False)),
        )
        shop.db.execute(
            "INSERT INTO import_originals (import_id, row, customer_id, cells) VALUES (1, 3, ?, ?)",
            (other, json.dumps({"备注": "113800000021"}, ensure_ascii=False)),
        )
    person.erase(shop, erased)
    found = [json.loads(text) for (text,) in shop.db.rows("SELECT cells FROM import_originals ORDER BY row")]
    assert found == [{"电话": "…", "备注": ["…的同事", 1.5, None], "…": "是"}, {"备注": "113800000021"}]


def test_the_preview_says_what_goes_what_stays_and_what_to_finish_first(shop: Shop) -> None:
    buyer = _add(shop, "钱多多", "13800000007", tags=("VIP",))
    draft = LineDraft("手机壳", unit_price_fen=5_000)
    purchases.record(shop, SaleDraft((draft,), customer_id=buyer))
    balance.correct(shop, buyer, 3_000, "订金没付")
    complaints.receive(shop, complaints.ComplaintDraft("屏幕碎了", customer_id=buyer))
    shown = person.preview(shop, buyer)
    assert ("Telephone numbers", 1) in shown.goes
    assert ("Purchases", 1) in shown.stays
    assert shown.net_fen == 5_000
    assert shown.cautions == (
        "1 complaint is not closed: close it first, or nobody will know what it was about.",
        "They owe ¥30: afterwards nobody can be asked for it.",
    )
    balance.correct(shop, buyer, -6_000, "多付了")
    assert person.preview(shop, buyer).cautions[-1] == "The shop owes them ¥30: pay it out first."


def test_an_erased_card_is_nobody_any_more(shop: Shop) -> None:
    erased = _add(shop, "孙一", "13800000008")
    person.erase(shop, erased)
    assert search.find(shop, "13800000008").hits == ()
    with pytest.raises(customers.CustomerMissing, match="erased for good"):
        customers.edit(shop, erased, note="again")
    with pytest.raises(followups.FollowupMissing):
        followups.plan(shop, erased, shop.today(), "call")
    with pytest.raises(complaints.ComplaintMissing, match="erased"):
        complaints.receive(shop, complaints.ComplaintDraft("kaputt", customer_id=erased))
    for ask in (person.preview, person.erase, person.everything):
        with pytest.raises(person.AlreadyErased, match="nothing is held"):
            ask(shop, erased)
    with pytest.raises(customers.CustomerMissing):
        person.erase(shop, 99)
    (line,) = person.listing(shop)
    assert (line.customer_id, line.when, line.who) == (erased, "2026-11-21 10:00", "")


@pytest.mark.parametrize(("role", "rights"), [("manager", 1), ("clerk", 0)])
def test_only_who_may_do_both_can_erase_and_print(shop: Shop, role: Role, rights: int) -> None:
    one = _add(shop, "孙二", "13800000009")
    owner, other = staff.add(shop, "老板", "owner"), staff.add(shop, "小李", role)
    theirs = shop.at_counter(other)
    with pytest.raises(NotAllowed):
        person.erase(theirs, one)
    assert customers.get(shop, one).name == "孙二"
    if rights:
        assert person.everything(theirs, one).name == "孙二"
    else:
        with pytest.raises(NotAllowed):
            person.everything(theirs, one)
    person.erase(shop.at_counter(owner), one)
    assert [line.who for line in person.listing(shop)] == ["老板"]


# ---------------------------------------------------------------- backups


def test_a_restored_backup_erases_again_who_was_erased_since(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    bird = hatch(shop)
    stays = _add(shop, "留一一", "13800000010")
    copy = backup.make(shop, "manual")
    earlier = restore.into_folder(copy, tmp_path / "earlier", clock)
    person.erase(shop, bird.customer_id)
    later = _add(shop, "后来的", "13800000011")
    person.erase(shop, later)
    file = shop.folder / "backups" / "erased.json"
    listed = json.loads(file.read_text("ascii"))
    assert [card["id"] for card in listed["cards"]] == [bird.customer_id, bird.merged_id, later]
    assert set(listed) == {"shop", "cards"}

    opened = Shop.open(earlier, clock)
    assert person.reapply(opened) == 0, "without the list nobody is erased again"
    shutil.copy(file, earlier / "backups")
    clock.instant += timedelta(minutes=1)
    again = _add(opened, "又来的", "13800000012")
    assert again == later, "the number was given anew, to somebody else"
    assert person.reapply(opened) == 2
    assert person.reapply(opened) == 0
    assert _found(bird, all_bytes(opened)) == []
    assert customers.get(opened, again).name == "又来的"
    assert customers.get(opened, stays).name == "留一一"
    assert [line.who for line in person.listing(opened)] == ["the program"] * 2
    assert audit.verify(opened).is_whole
    opened.close()


def test_restoring_an_older_backup_brings_nobody_back(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    bird = hatch(shop)
    copy = backup.make(shop, "manual")
    person.erase(shop, bird.customer_id)
    opened = Shop.open(restore.into_folder(copy, tmp_path / "restored", clock), clock)
    assert _found(bird, all_bytes(opened)) == []
    opened.close()


def test_a_list_that_cannot_be_read_or_written_is_made_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = _add(shop, "吴一一"), _add(shop, "吴二二")
    file = shop.folder / "backups" / "erased.json"
    file.write_text("[broken", "ascii")
    person.erase(shop, one)
    assert {card.id for card in erased_list.read(file.parent, shop.keys.shop_id)} == {one}
    assert erased_list.read(file.parent, "another shop") == set()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", full)
        person.erase(shop, two)
    assert {card.id for card in erased_list.read(file.parent, shop.keys.shop_id)} == {one}
    person.keep_list(shop)
    assert {card.id for card in erased_list.read(file.parent, shop.keys.shop_id)} == {one, two}
    assert sorted(path.name for path in file.parent.iterdir() if "erased" in path.name) == ["erased.json"]


def test_somebody_who_reads_meanwhile_keeps_the_log_until_later(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_crm.store.connections.PATIENCE_MS", 50)
    bird = hatch(shop)
    reader = threading.Event()
    done = threading.Event()

    def read() -> None:
        with shop.reading() as db:
            db.value("SELECT count(*) FROM customers")
            reader.set()
            done.wait(60)

    thread = threading.Thread(target=read)
    thread.start()
    reader.wait(60)
    assert not person.erase(shop, bird.customer_id).is_settled
    done.set()
    thread.join()
    shop.settle()
    assert store.log_is_empty(shop.folder)
    assert _found(bird, all_bytes(shop)) == []


def _add(shop: Shop, name: str, *numbers: str, **fields: object) -> int:
    drafts = tuple(customers.PhoneDraft(number) for number in numbers)
    return customers.add(shop, customers.CustomerDraft(name, phones=drafts, **fields))  # type: ignore[arg-type]
