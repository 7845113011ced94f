"""Names: what is one name written twice, and what is somebody else's."""

from __future__ import annotations

import pytest

from desktop_crm.base.names import compare, read, same_surname

CASES = [
    ("王建国", "王建国", "same"),
    ("王建国", "王建国2", "same"),
    ("王建国（老客户）", "王建国", "same"),
    ("Ｊohn Smith", "john  smith", "same"),
    ("张伟", "章伟", "sound"),
    ("王晓明", "王小明", "sound"),
    ("曾伟", "层伟", "sound"),
    ("单雄信", "山雄信", "sound"),
    ("Wang Jianguo", "王建国", "sound"),
    ("Smith John", "John Smith", "sound"),
    ("陈伟", "程伟", "like"),
    ("王国建", "王建国", "like"),
    ("建国", "王建国", "like"),
    ("杭州浩然科技公司", "杭州浩然科技有限公司", "like"),
    ("Jon Smith", "John Smith", "like"),
    ("王先生", "王建国", "open"),
    ("老王", "王建国", "open"),
    ("13800001111", "王建国", "open"),
    ("散客", "王建国", "open"),
    ("", "王建国", "open"),
    ("王先生", "李芳", "different"),
    ("王建国", "王建华", "different"),
    ("杭州伟科技有限公司", "杭州强科技有限公司", "different"),
    ("Anna", "Anne", "different"),
    ("Anna Smith", "王建国", "different"),
    ("王建国", "李芳", "different"),
]


@pytest.mark.parametrize(("one", "other", "expected"), CASES)
def test_two_names_are_compared_the_same_either_way(one: str, other: str, expected: str) -> None:
    assert compare(one, other) == compare(other, one) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("王建国", "王芳", True),
        ("欧阳修", "欧阳锋", True),
        ("欧阳修", "欧小明", False),
        ("王建国", "李芳", False),
        ("Smith", "Smith", False),
    ],
)
def test_surnames_are_compared_where_they_are_chinese(one: str, other: str, expected: bool) -> None:
    assert same_surname(one, other) is expected


def test_a_surname_with_a_title_is_no_full_name() -> None:
    assert (read("欧阳女士").is_open, read("欧阳女士").surname) == (True, "欧阳")
    assert not read("王先").is_open
