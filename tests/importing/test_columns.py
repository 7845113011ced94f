"""Headings of real programs → kind and fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from desktop_crm.base import i18n
from desktop_crm.files.reading import Row
from desktop_crm.importing.columns import (
    REJECT_HEADING,
    Layout,
    NoHeadings,
    UnknownColumn,
    column_letter,
    find_layout,
    normal_heading,
)
from desktop_crm.importing.fields import FIELDS, KINDS
from desktop_crm.importing.words import COMPUTED_TIER


def sheet(*rows: Sequence[Any]) -> list[Row]:  # cells of any kind
    return [Row(number, list(cells)) for number, cells in enumerate(rows, 1)]


def layout(*rows: Sequence[Any], **more: Any) -> Layout:  # cells; arguments of find_layout
    return find_layout(sheet(*rows), **more)


def known(found: Layout) -> dict[str, str]:
    """Without columns that nobody knows."""
    return {title: field for title, field in found.mapping.items() if field != "extra"}


GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,"
    "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
    "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City"
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,E-mail 2 Address,Home Phone,Home Phone 2,"
    "Business Phone,Mobile Phone,Company,Home Street,Home City,Home State,Birthday,Notes"
)
ZOHO = (
    "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account Name,Email,Title,Phone,Mobile,"
    "Created Time,Description,Email Opt Out,Salutation,Last Activity Time,Tag,Street,City"
)
WUKONG = (
    "*客户名称,客户级别,客户行业,客户来源,*成交状态,电话,网址,下次联系时间,备注,手机,省,市,区/县,详细地址"
)
MEMBERS = (
    "会员ID,会员卡号,会员姓名,拼音简写,身份证号,联系电话,联系地址,Email,会员类型,会员状态,当前余额,当前积分,备注,"
    "门店,创建日期,操作日期"
)
CORDYS = "跟进类型,客户名称,公司名称,商机,联系人,跟进方式,跟进时间,负责人,意向产品,跟进内容"

PROGRAMS: list[tuple[str, str, dict[str, str]]] = [
    (
        GOOGLE_NEW,
        "customers",
        {"First Name": "first_name", "Last Name": "last_name", "Phone 2 - Value": "phone", "Labels": "tags"}
        | {"Birthday": "birthday", "E-mail 1 - Value": "email", "Address 1 - Formatted": "address"},
    ),
    (
        "Name,Given Name,Family Name,Birthday,Gender,Notes,Group Membership,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name",
        "customers",
        {
            "Name": "name",
            "Group Membership": "tags",
            "Phone 1 - Value": "phone",
            "Organization 1 - Name": "company",
        },
    ),
    (
        OUTLOOK,
        "customers",
        {"Mobile Phone": "phone", "Home Phone 2": "phone", "Home Street": "address", "Company": "company"},
    ),
    (
        ZOHO,
        "customers",
        {"Record Id": "external_id", "Contact Owner": "owner", "Lead Source": "source", "Tag": "tags"},
    ),
    (
        WUKONG,
        "customers",
        {
            "*客户名称": "name",
            "客户来源": "source",
            "下次联系时间": "next_day",
            "区/县": "region",
            "手机": "phone",
        },
    ),
    (
        MEMBERS,
        "customers",
        {"会员ID": "external_id", "会员卡号": "card_no", "联系电话": "phone", "创建日期": "since_day"},
    ),
    (
        "会员卡号,会员姓名,礼品卡号,礼品名称,兑换数量,兑换时间",
        "customers",
        {"会员卡号": "card_no", "会员姓名": "name"},
    ),
    (
        CORDYS,
        "followups",
        {"客户名称": "name", "跟进方式": "channel", "跟进时间": "contact_at", "跟进内容": "content"},
    ),
    (
        "开单日期,单号,客户姓名,手机号,商品名称,串号,数量,单价,实付金额,店员",
        "purchases",
        {
            "开单日期": "sold_at",
            "单号": "number",
            "商品名称": "item",
            "串号": "imei",
            "实付金额": "amount",
            "店员": "clerk",
        },
    ),
    (
        "Date,Customer,Phone,Product,Qty,Unit Price,Total,Salesperson",
        "purchases",
        {"Qty": "quantity", "Total": "amount"},
    ),
    (
        "投诉日期,客户姓名,联系电话,投诉内容,处理结果,处理人",
        "complaints",
        {"投诉内容": "summary", "处理结果": "answer"},
    ),
    (
        "姓名,手机,机型,IMEI,购买日期,备注",
        "customers",
        {"机型": "model", "IMEI": "imei", "购买日期": "bought_day"},
    ),
    ("姓名,联系电话,品牌型号,串号", "customers", {"品牌型号": "model", "串号": "imei"}),
]


@pytest.mark.parametrize(("heading", "kind", "expected"), PROGRAMS)
def test_headings_of_programs(heading: str, kind: str, expected: dict[str, str]) -> None:
    found = layout(heading.split(","))
    assert found.kind == kind
    assert found.mapping == found.mapping | expected


def test_a_field_is_filled_once_unless_it_may_be_filled_often() -> None:
    found = layout(["姓名", "姓名", "手机", "手机", "生日"], ["张三", "张", "13800138001", "13900139001", ""])
    assert found.mapping == {
        "姓名": "name",
        "姓名 (2)": "extra",
        "手机": "phone",
        "手机 (2)": "phone",
        "生日": "birthday",
    }


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("*客户名称", "客户名称"),
        ("手机（必填）", "手机"),
        ("手机号(11位数字)：", "手机号"),
        ("Phone 1 - Value", "phone1-value"),
        ("ＱＱ", "qq"),
    ],
)
def test_decorations_of_headings_do_not_matter(written: str, plain: str) -> None:
    assert normal_heading(written) == plain


def test_titles_and_blank_rows_above_the_headings() -> None:
    found = layout(
        ["客户信息（*代表必填项；时间格式：2001-01-01）"],
        ["打印日期", "2026-01-01"],
        ["姓名", "手机"],
        ["张三", "13800138001"],
    )
    assert (found.header_row, found.skip) == (3, 3)


def test_headings_over_two_rows() -> None:
    found = layout(
        ["姓名", "联系方式", None, "生日"],
        [None, "手机", "微信"],
        ["张三", "13800138001", "zs", "1985-05-15"],
    )
    assert found.mapping == {"姓名": "name", "手机": "phone", "微信": "wechat", "生日": "birthday"}
    assert found.skip == 2


def test_unknown_headings_are_guessed_by_content() -> None:
    found = layout(
        ["谁", "怎么找", "机器", "哪天", "多少钱", "单价", "信箱", "男女", "别的"],
        ["张三", 13800138001, 490154203237518, date(2026, 1, 1), "¥5", 3, "a@b.cn", "男", "x"],
        ["李四", "13900139001", "490154203237518", "2026-01-02", "¥6.00", 3, "c@d.cn", "女", "y"],
        kind="purchases",
    )
    assert known(found) == {
        "谁": "name",
        "怎么找": "phone",
        "机器": "imei",
        "哪天": "sold_at",
        "单价": "price",
    }
    assert {column.how for column in found.columns if column.field != "extra"} == {"content", "heading"}
    person = layout(["谁", "怎么找", "信箱", "男女"], ["张三", 13800138001, "a@b.cn", "男"])
    assert known(person) == {"谁": "name", "怎么找": "phone", "信箱": "email", "男女": "gender"}
    sold = layout(["手机", "日期", "多少"], [13800138001, "2026-01-01", "¥5"], kind="purchases")
    assert known(sold) == {"手机": "phone", "日期": "sold_at", "多少": "amount"}


def test_a_contact_column_is_what_it_holds() -> None:
    assert layout(["姓名", "联系方式"], ["张三", "13800138001"]).mapping["联系方式"] == "phone"
    assert layout(["姓名", "联系方式", "标签"], ["张三", "微信找我", "A"]).mapping["联系方式"] == "extra"
    rows = (["姓名", "联系方式", "跟进内容"], ["张三", "13800138001", "ok"])
    assert layout(*rows).mapping["联系方式"] == "phone"
    rows = (["姓名", "联系方式", "跟进内容"], ["张三", "微信", "ok"])
    assert layout(*rows).mapping["联系方式"] == "channel"


def test_columns_without_a_heading_are_called_by_their_letter() -> None:
    found = layout(["姓名", None, "手机"], ["张三", "x", "13800138001", None, "y"])
    assert list(found.mapping) == ["姓名", "Column B", "手机", "Column D", "Column E"]
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_number_headings_keep_their_text() -> None:
    assert list(layout(["姓名", "手机", 2026], ["张三", "13800138001", 5]).mapping) == [
        "姓名",
        "手机",
        "2026",
    ]


@pytest.mark.parametrize(
    "rows", [[], [["张三", "13800138001"], ["李四", "13900139001"]], [["a", "b"], ["c", "d"]]]
)
def test_no_headings(rows: list[list[str]]) -> None:
    with pytest.raises(NoHeadings, match="No row of headings was found in “old”"):
        layout(*rows, sheet="old")
    with pytest.raises(NoHeadings, match="in the sheet"):
        layout(*rows)


def test_the_name_of_the_sheet_breaks_ties() -> None:
    rows = (["姓名", "手机", "日期", "内容"], ["张三", "13800138001", "2026-01-01", "x"])
    assert layout(*rows, sheet="售后").kind == "complaints"
    assert layout(*rows, sheet="回访").kind == "followups"


def test_a_person_corrects_and_it_is_remembered() -> None:
    rows = (["姓名", "手机", "宝宝年龄", "来源"], ["张三", "13800138001", 3, "抖音"])
    found = layout(*rows, mapping={"宝宝年龄": "occupation", "来源": ""})
    assert found.mapping == {"姓名": "name", "手机": "phone", "宝宝年龄": "occupation", "来源": ""}
    again = layout(
        *rows, memory=lambda heading: (found.kind, found.mapping) if heading == found.heading else None
    )
    assert again.mapping == found.mapping
    assert {column.how for column in again.columns} == {"memory"}
    assert layout(*rows, memory=lambda _heading: None).mapping["宝宝年龄"] == "extra"


def test_a_corrected_column_takes_the_field_from_another() -> None:
    rows = (["姓名", "负责人", "手机"], ["张三", "李娜", "13800138001"])
    assert layout(*rows, mapping={"负责人": "name"}).mapping == {
        "姓名": "extra",
        "负责人": "name",
        "手机": "phone",
    }


@pytest.mark.parametrize("mapping", [{"姓": "name"}, {"姓名": "weight"}])
def test_a_mapping_of_what_is_not_there(mapping: dict[str, str]) -> None:
    with pytest.raises(UnknownColumn):
        layout(["姓名", "手机"], ["张三", "13800138001"], mapping=mapping)


def test_a_mapping_finds_its_own_headings() -> None:
    found = layout(["aa", "bb"], ["x", "y"], mapping={"aa": "name"}, kind="customers")
    assert found.mapping == {"aa": "name", "bb": "extra"}


def test_reasons_and_computed_columns_are_left_out() -> None:
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            titles = [i18n._(REJECT_HEADING), i18n._(COMPUTED_TIER)]
        found = layout(
            ["姓名", "手机", *titles, "错误原因(导入时需删除本列)"], ["张三", "13800138001", "a", "b", "c"]
        )
        assert list(found.mapping.values()) == ["name", "phone", "", "", ""]


def test_no_heading_means_two_fields_of_a_kind_unless_it_must() -> None:
    """The later field of a kind gets a heading that two know; both sides of such a pair are listed here."""
    shared = {
        (kind, name): [field.key for field in FIELDS[kind] if name in field.names]
        for kind in KINDS
        for field in FIELDS[kind]
        for name in field.names
    }
    twice = {pair: keys for pair, keys in shared.items() if len(keys) > 1}
    assert {tuple(keys) for keys in twice.values()} <= {
        ("phone", "channel"), ("contact_at", "due_day"), ("content", "reason"), ("clerk", "name"),
    }  # fmt: skip
