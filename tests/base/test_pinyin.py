"""Names as somebody types them."""

from __future__ import annotations

import pytest

from desktop_crm.base.pinyin import has_han, readings, sort_key, squash


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Ｗjg_88-66", "wjg8866"),
        ("José Ångström", "joseangstrom"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("王 𠮷", "王𠮷"),
        ("--", ""),
    ],
)
def test_only_letters_and_digits_stay(text: str, bare: str) -> None:
    assert squash(text) == bare


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("曾敏", {("zeng", "min"), ("ceng", "min")}),
        ("单雄", {("shan", "xiong"), ("dan", "xiong"), ("chan", "xiong")}),
        ("解放", {("xie", "fang"), ("jie", "fang")}),
        ("万俟雪", {("mo", "qi", "xue"), ("wan", "qi", "xue"), ("mo", "si", "xue"), ("wan", "si", "xue")}),
        ("吕布", {("lv", "bu"), ("lu", "bu")}),
        ("王家乐", {("wang", "jia", "le"), ("wang", "jia", "yue")}),
        ("王david李", {("wang", "david", "li")}),
        ("尉迟恭", {("yu", "chi", "gong"), ("wei", "chi", "gong")}),
        ("长孙无忌", {("zhang", "sun", "wu", "ji"), ("chang", "sun", "wu", "ji")}),
        ("david王", {("david", "wang")}),
    ],
)
def test_names_are_read_in_every_living_way(name: str, expected: set[tuple[str, ...]]) -> None:
    assert set(readings(name)) == expected


def test_a_long_name_has_few_readings() -> None:
    assert len(readings("解" + "乐行长重朝" * 2)) == 8


def test_han_is_told_from_other_letters() -> None:
    assert has_han("a王")
    assert has_han("𠮷")
    assert not has_han("José 12")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Anna Smith", "anna smith"),
        (" Bob", "bob"),
        ("张三", "zhang 张 san 三"),
        ("曾国", "zeng 曾 guo 国"),
        ("王Ann", "wang 王 ann"),
        ("Émile", "emile"),
        ("", ""),
    ],
)
def test_names_sort_by_pinyin_then_character_and_without_case(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_a_key_that_still_fits_is_kept() -> None:
    assert sort_key("张三", "zhang 张 san 三") == "zhang 张 san 三"
    assert sort_key("张四", "zhang 张 san 三") == "zhang 张 si 四"
