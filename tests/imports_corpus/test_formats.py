"""The same people in every kind of file, encoding and separator: always the same cards."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop_crm.files import sniff
from desktop_crm.files.sniff import NeedsEncoding
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import counts, reasons
from tests.imports_corpus import containers, oracle
from tests.imports_corpus.containers import CONTAINERS, ENCODINGS, SEPARATORS, Table
from tests.imports_corpus.people import LUNAR, PEOPLE, RARE, TRADITIONAL, Person

HEADINGS = [
    "姓名",
    "手机号",
    "农历生日",
    "出生日期",
    "性别",
    "微信",
    "标签",
    "地区",
    "联系地址",
    "备注",
    "会员卡号",
    "建档日期",
]
CARRIED = (
    "name",
    "phones",
    "birthday",
    "lunar",
    "gender",
    "wechat",
    "tags",
    "region",
    "note",
    "card_no",
    "since_day",
)


def _row(person: Person) -> list[str]:
    gender = {"female": "女", "male": "男", "": ""}[person.gender]
    day = person.birthday.removeprefix("--")
    name = "" if person.name in person.phones else person.name
    return [
        name, " / ".join(person.phones), day if person.lunar else "", "" if person.lunar else day, gender, person.wechat,
        "，".join(person.tags), person.region, person.street, person.note, person.card_no, person.since_day,
    ]  # fmt: skip


def _typed(person: Person) -> list[Any]:  # texts, days, numbers
    """The row as a spreadsheet holds it: days are days, a lone mobile number is a number."""
    row: list[Any] = [cell or None for cell in _row(person)]
    for place in (3, 11):
        if row[place] and len(row[place]) == 10:
            row[place] = date.fromisoformat(row[place])
    if row[1] and row[1].isdigit() and not row[1].startswith("0"):
        row[1] = int(row[1])
    return row


def _arrives(shop: Shop, path: Path, people: Sequence[Person], fields: Sequence[str] = CARRIED) -> None:
    with plan.rehearse(shop, path) as found:
        assert counts(found) == {"new": len(people)}, reasons(found)
        assert reasons(found) == []
        plan.apply(shop, found)
    assert oracle.differences(shop, people, fields) == []
    with plan.rehearse(shop, path) as again:
        assert counts(again) == {"same": len(people)}, reasons(again)


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_table_in_every_kind_of_file(name: str, shop: Shop, tmp_path: Path) -> None:
    make: Callable[[Path, Table], Path] = CONTAINERS[name]
    people = (*PEOPLE, LUNAR, RARE)
    _arrives(shop, make(tmp_path / name, [HEADINGS, *map(_typed, people)]), people)


@pytest.mark.parametrize(("make", "name"), [(containers.excel, "mac.xlsx"), (containers.xls, "mac.xls")])
def test_days_of_workbooks_that_count_from_1904(
    make: Callable[..., Path], name: str, shop: Shop, tmp_path: Path
) -> None:
    _arrives(shop, make(tmp_path / name, [HEADINGS, *map(_typed, PEOPLE)], date1904=True), PEOPLE)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_with_every_separator(encoding: str, shop: Shop, tmp_path: Path) -> None:
    people = PEOPLE if encoding == "gbk" else (*PEOPLE, RARE)
    table = [HEADINGS, *map(_row, people)]
    for number, separator in enumerate(SEPARATORS):
        path = containers.text(tmp_path / f"{number}.txt", table, encoding=encoding, separator=separator)
        source = sniff.sniff(path)
        assert (source.format, source.separator) == ("text", separator)
        with path.open(encoding=source.encoding, newline="") as file:
            assert [*csv.reader(file, delimiter=separator)] == table
    _arrives(shop, path, people)


def test_big5_is_asked_for_and_then_read(shop: Shop, tmp_path: Path) -> None:
    rows = [[person.name, person.phones[0], person.street] for person in TRADITIONAL]
    path = containers.text(tmp_path / "tw.csv", [["姓名", "聯絡電話", "通訊地址"], *rows], encoding="big5")
    with pytest.raises(NeedsEncoding) as asked:
        plan.rehearse(shop, path)
    assert asked.value.candidates[0].startswith("big5")
    with plan.rehearse(shop, path, encoding="big5") as found:
        assert counts(found) == {"new": len(TRADITIONAL)}
        plan.apply(shop, found)
    assert oracle.differences(shop, TRADITIONAL, ("name", "phones", "address")) == []


LINE_ENDS = ("\n", "\r\n", "\r")


@pytest.mark.parametrize(("quoted", "end"), [*itertools.product((True, False), LINE_ENDS)])
def test_line_ends_and_quotes(quoted: bool, end: str, shop: Shop, tmp_path: Path) -> None:
    sign = '"' if quoted else ""
    rows = (["姓名", "电话"], ["赵敏", "13844440001"], ["周芷若", "13844440002"])
    lines = [",".join(f"{sign}{cell}{sign}" for cell in row) for row in rows]
    path = tmp_path / "list.csv"
    path.write_bytes((end.join(lines) + end).encode())
    with plan.rehearse(shop, path) as found:
        assert counts(found) == {"new": 2}
        assert [row.name for row in plan.rows(found)] == ["赵敏", "周芷若"]
