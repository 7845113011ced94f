"""What only few sheets say: leap months, serial numbers, likes, labels of numbers, consent per channel, dated notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import consents, customers, history, notes, staff
from desktop_crm.customers import CustomerDraft
from desktop_crm.importing import plan
from desktop_crm.records.devices import Device
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, reasons, rehearsed, text

Rows = Sequence[Sequence[Any]]  # cells of any kind


def card_id(shop: Shop, name: str) -> int:
    found: int = shop.db.value("SELECT id FROM customers WHERE name = ?", (name,))
    return found


def known(shop: Shop, rows: Rows) -> None:
    """The rows once more change nothing."""
    with rehearsed(shop, rows) as again:
        assert counts(again) == {"same": len(rows) - 1}, reasons(again)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("农历1985年闰四月初八", "1985-04-08"), ("农历1985-闰04-08", "1985-04-08"), ("闰4月8日", "--04-08"),
        ("lunar leap 04-08", "--04-08"), ("lunar leap 1985-04-08", "1985-04-08"), ("农历闰四月初八", "--04-08"),
    ],
)  # fmt: skip
def test_birthdays_in_leap_months(written: str, stored: str, shop: Shop) -> None:
    rows = [["姓名", "生日"], ["赵敏", written]]
    bring(shop, rows)
    card = customers.get(shop, card_id(shop, "赵敏"))
    assert (card.birthday, card.birthday_lunar, card.birthday_leap) == (stored, True, True)
    known(shop, rows)


def test_a_birthday_that_is_filled_in_brings_its_month(shop: Shop) -> None:
    person = customers.add(shop, CustomerDraft(name="赵敏", card_no="V1"))
    rows = [["姓名", "卡号", "生日"], ["赵敏", "V1", "农历1985年闰四月初八"]]
    assert bring(shop, rows) == {"update": 1}
    assert customers.get(shop, person).birthday_leap
    known(shop, rows)
    history.undo(shop)
    assert not customers.get(shop, person).birthday_leap


def devices(shop: Shop, name: str) -> list[tuple[str, str, str]]:
    found = shop.db.records(
        Device, "SELECT * FROM devices WHERE customer_id = ? ORDER BY id", (card_id(shop, name),)
    )
    return [(device.model, device.imei, device.serial) for device in found]


IMEI, OTHER = "490154203237518", "356938035643809"
PHONES = ["姓名", "卡号", "机型", "IMEI", "序列号"]


def test_a_serial_number_beside_the_imei(shop: Shop) -> None:
    rows = [PHONES, ["赵敏", "V1", "iPhone 17", IMEI, "f2l-abc 123"], ["周芷若", "V2", "", "", "SN: xyz9"]]
    assert bring(shop, rows) == {"new": 2}
    assert devices(shop, "赵敏") == [("iPhone 17", IMEI, "F2LABC123")]
    assert devices(shop, "周芷若") == [("XYZ9", "", "XYZ9")]
    known(shop, rows)


def test_serial_numbers_of_known_customers(shop: Shop) -> None:
    bring(shop, [PHONES[:4], ["赵敏", "V1", "iPhone 17", IMEI]])
    bring(shop, [PHONES, ["赵敏", "V1", "iPhone 17", IMEI, "F2LABC123"]])
    assert devices(shop, "赵敏") == [("iPhone 17", IMEI, "F2LABC123")]
    later = [PHONES, ["赵敏", "V1", "iPhone 18", OTHER, "G3"], ["赵敏", "V1", "", "", "H4"]]
    bring(shop, later)
    assert devices(shop, "赵敏")[1:] == [("iPhone 18", OTHER, "G3"), ("H4", "", "H4")]
    known(shop, later)
    history.undo(shop)
    history.undo(shop)
    assert devices(shop, "赵敏") == [("iPhone 17", IMEI, "")]
    history.redo(shop)
    assert devices(shop, "赵敏") == [("iPhone 17", IMEI, "F2LABC123")]


def test_a_serial_number_alone_stays_where_it_always_went(shop: Shop) -> None:
    bring(shop, [["姓名", "机型", "序列号"], ["赵敏", "iPhone 17", "F2LABC123"]])
    assert devices(shop, "赵敏") == [("iPhone 17", "F2LABC123", "")]


def test_likes(shop: Shop) -> None:
    person = customers.add(shop, CustomerDraft(name="赵敏", card_no="V1"))
    rows = [["姓名", "卡号", "偏好"], ["赵敏", "V1", "大屏\n不要推销"], ["周芷若", "V2", "小屏"]]
    assert bring(shop, rows) == {"update": 1, "new": 1}
    assert customers.get(shop, person).preferences == "大屏\n不要推销"
    assert customers.get(shop, card_id(shop, "周芷若")).preferences == "小屏"
    known(shop, rows)
    changed = [rows[0], ["赵敏", "V1", "折叠屏"]]
    assert bring(shop, changed) == {"skip": 1}
    assert bring(shop, changed, policy="overwrite") == {"update": 1}
    assert customers.get(shop, person).preferences == "折叠屏"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("13800000001(儿子)", [("13800000001", "儿子")]),
        ("13800000001（我家, 晚上/周末） / 010-88888888转801 (公司)",
         [("13800000001", "我家, 晚上/周末"), ("01088888888", "转801 公司")]),
        ("010-88888888(转801)", [("01088888888", "转801")]),
        ("(010)88888888", [("01088888888", "")]),
        ("13800000001 13900000001(微信同号)", [("13800000001", ""), ("13900000001", "微信同号")]),
        ("13800000001(本人) 13900000001(妻)", [("13800000001", "本人"), ("13900000001", "妻")]),
        ("13800000001 妻13900000001", [("13800000001", ""), ("13900000001", "妻")]),
        ("本人 13800000001 妻 139 0000 0001", [("13800000001", "本人"), ("13900000001", "妻")]),
        ("13800000001妻 13900000001本人/李和平13700000001",
         [("13800000001", "妻"), ("13900000001", "本人"), ("13700000001", "李和平")]),
        ("13800000001 本人 13900000001 his wife", [("13800000001", "本人"), ("13900000001", "his wife")]),
        ("妻:13800000001 微信同号", [("13800000001", "妻 微信同号")]),
        ("公司 010-88888888转801或13800000001(家) 13800000001", [("01088888888", "转801 公司"), ("13800000001", "家")]),
        ("手机:13800000001 电话：010-88888888", [("13800000001", ""), ("01088888888", "")]),
    ],
)  # fmt: skip
def test_labels_of_numbers(written: str, numbers: list[tuple[str, str]], shop: Shop) -> None:
    known_one = customers.add(shop, CustomerDraft(name="周芷若", card_no="V2"))
    rows = [["姓名", "卡号", "电话"], ["赵敏", "V1", written], ["周芷若", "V2", written]]
    with rehearsed(shop, rows) as found:
        assert [row.reasons for row in plan.rows(found)] == [(), ()]
        plan.apply(shop, found)
    for person in (card_id(shop, "赵敏"), known_one):
        assert [(phone.number, phone.label) for phone in customers.phones(shop, person)] == numbers
    known(shop, rows)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("13800000001 妻 13900000001", ["13800000001", "13900000001"]),
        ("13800000001，妻", ["13800000001"]),
        ("13800000001晚上七点以后才能打这个电话", ["13800000001"]),
        ("13800000001(家)/13800000001(公司)", ["13800000001"]),
        ("13800000001/(家)", ["13800000001"]),
        ("010-88888888转801公司", ["01088888888"]),
    ],
)
def test_words_that_cannot_be_a_label_are_kept_in_the_note(
    written: str, numbers: list[str], shop: Shop
) -> None:
    with rehearsed(shop, [["姓名", "卡号", "电话"], ["赵敏", "V1", written]]) as found:
        assert len(reasons(found)) == 1
        plan.apply(shop, found)
    person = card_id(shop, "赵敏")
    assert [phone.number for phone in customers.phones(shop, person)] == numbers
    assert customers.get(shop, person).note == f"电话: {written}"


def test_a_label_beside_what_is_no_number_is_told(shop: Shop) -> None:
    with rehearsed(shop, [["姓名", "电话"], ["赵敏", "12345(家)"]]) as found:
        assert counts(found) == {"bad": 1}
        assert "12345(家)" in reasons(found)[0]


def test_consent_for_single_channels(shop: Shop) -> None:
    person = customers.add(shop, CustomerDraft(name="赵敏", card_no="V1"))
    head = ["姓名", "卡号", "同意电话", "同意短信", "同意微信", "同意邮件"]
    rows = [head, ["赵敏", "V1", "是", "否 2026-03-01", "", "?"], ["周芷若", "V2", "", "", "granted", ""]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"update": 1, "new": 1}
        labels = [
            (change.label, change.new) for change in plan.rows(found)[0].changes if change.label != "Note"
        ]
        assert labels == [("Consent to calls", "granted"), ("Consent to SMS", "refused 2026-03-01")]
        plan.apply(shop, found)
    given = [(each.channel, each.answer, each.day) for each in consents.of_customer(shop, person)]
    assert given == [("call", "granted", "2026-11-21"), ("sms", "refused", "2026-03-01")]
    assert "同意邮件: ?" in customers.get(shop, person).note
    known(shop, [head, rows[1][:5], rows[2]])
    turned = [head, ["赵敏", "V1", "否", "", "", ""]]
    assert bring(shop, turned) == {"skip": 1}
    assert bring(shop, turned, policy="overwrite") == {"update": 1}
    assert [each.answer for each in consents.of_customer(shop, person)] == ["refused", "refused"]
    history.undo(shop)
    assert [each.answer for each in consents.of_customer(shop, person)] == ["granted", "refused"]


def test_who_opted_out_of_mails_refused_mails_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    rows = [
        ["Full Name", "Email", "Email Opt Out"],
        ["Ann Lee", "a@b.cn", "true"],
        ["Bob Ray", "b@b.cn", "false"],
    ]
    with plan.rehearse(shop, text(tmp_path / "list.csv", rows)) as found:
        plan.apply(shop, found)
    assert shop.db.rows(
        "SELECT c.name, channel, answer FROM consents JOIN customers c ON c.id = customer_id"
    ) == [("Ann Lee", "email", "refused")]
    assert shop.db.value("SELECT sum(do_not_contact) FROM customers") == 0


NOTES = "[2026-03-01 14:30 李娜 ★] 要大屏\n两行\n[2026-03-02] 来过"


def test_dated_notes(shop: Shop) -> None:
    clerk = staff.add(shop, "李娜")
    person = customers.add(shop, CustomerDraft(name="赵敏", card_no="V1"))
    rows = [
        ["姓名", "卡号", "备注记录"],
        ["赵敏", "V1", NOTES],
        ["周芷若", "V2", f"先前的\n{NOTES}\n[2026-03-03 外人] 问价"],
    ]
    assert bring(shop, rows) == {"update": 1, "new": 1}
    first, second = notes.of_customer(shop, person)
    assert (second.text, second.at, second.day, second.pinned, second.staff_id) == (
        "要大屏\n两行", "2026-03-01T06:30:00Z", "2026-03-01", True, clerk,
    )  # fmt: skip
    assert (first.text, first.day, first.staff_id) == ("来过", "2026-03-02", None)
    other = card_id(shop, "周芷若")
    assert [note.text for note in notes.of_customer(shop, other)] == ["问价", "来过", "要大屏\n两行"]
    assert customers.get(shop, other).note == "Dated notes: 先前的"
    assert [(one.name, one.active) for one in staff.listing(shop, active_only=False)] == [
        ("李娜", True),
        ("外人", False),
    ]
    known(shop, rows)
    more = [rows[0], ["赵敏", "V1", f"{NOTES}\n[2026-03-09] 又来过"]]
    assert bring(shop, more) == {"update": 1}
    assert len(notes.of_customer(shop, person)) == 3
    history.undo(shop)
    history.undo(shop)
    assert notes.of_customer(shop, person) == []
    history.redo(shop)
    assert len(notes.of_customer(shop, person)) == 2


def test_two_rows_about_one_person_add_up(shop: Shop) -> None:
    rows = [
        ["姓名", "卡号", "备注记录", "偏好"],
        ["赵敏", "V1", NOTES, "大屏"],
        ["赵敏", "V1", "[2026-03-09] 又来过", "大屏"],
    ]
    assert bring(shop, rows) == {"new": 1, "update": 1}
    assert len(notes.of_customer(shop, card_id(shop, "赵敏"))) == 3
    known(shop, rows)
