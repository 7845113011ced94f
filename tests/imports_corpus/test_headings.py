"""Headings nobody listed: other words, decorations, languages, orders, and columns in between that mean nothing here."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from desktop_crm.base.values import clean_text
from desktop_crm.files.reading import Row
from desktop_crm.importing.columns import Layout, find_layout
from desktop_crm.importing.fields import FIELDS, KINDS, Kind

WORDED: dict[Kind, dict[str, str]] = {
    "customers": {
        "phone": "客户手机号码|手机1|手机号码2|联系人电话|联系人手机|TEL|Tel.|Mobile No.|Mobile #|Cell Phone Number"
        "|Phone Number 1|电话/手机|手机（主）|本人手机号|客人电话|预留手机|预留电话|注册手机号|绑定手机|常用手机号"
        "|家庭电话|宅电",
        "card_no": "会员卡编号|卡号(8位)|VIP Card No",
        "name": "Full Name|Customer's Name|Client Full Name|客户称呼|姓 名|姓名/Name|姓名 Name|顾客名字|客人姓名"
        "|会员真实姓名|真实姓名|中文名",
        "birthday": "D.O.B.|Date of Birth|生日(公历)|出生年月日|客户生日|阳历生日|Birth Date|Customer Birthday",
        "lunar_birthday": "农历生日",
        "email": "E-mail地址|电邮|Email Address|邮箱地址|电子邮箱/Email",
        "wechat": "WeChat ID|微信号码|微信账号|客户微信|微信号(必填)",
        "gender": "Gender (M/F)|客户性别",
        "address": "家庭住址|住所|送货地址|收件地址|客户地址|Home Address|Mailing Address|详细住址",
        "source": "顾客来源|客户来源渠道|从哪里知道我们|How did you hear about us",
        "city": "所在城市",
        "region": "所属地区|城区",
        "tags": "客户标签|标签/分组|会员等级|VIP等级|客户分类|客户分组",
        "owner": "归属员工|专属顾问|服务人员|跟进员工|Account Manager",
        "referred_by": "介绍人姓名|推荐人手机号|谁介绍的",
        "since_day": "入会日期|首次登记时间|建卡日期|Date Created|Member Since|Registration Date",
        "note": "客户备注|备注1|特别说明|Remarks / Notes",
        "company": "工作单位|就职公司",
        "occupation": "职业/职务|Job",
        "model": "使用机型|现用手机型号|Current Phone|手机品牌型号",
        "imei": "手机串号|IMEI号码|IMEI/SN|串号(IMEI)|IMEI码|机身码",
        "points": "可用积分|剩余积分|会员积分",
        "credit": "储值余额|卡内余额",
        "due": "欠款金额",
        "opening_total": "累计消费金额|消费总额|总消费",
        "opening_count": "消费次数|购买次数",
        "opening_last": "最近消费时间|最后购买日期",
        "language": "语言偏好",
        "preferences": "爱好",
        "consent": "是否同意联系",
        "next_day": "下次联系日期|下次回访|下次跟进|下一次联系|约定回访日期|下次到店",
    },
    "purchases": {
        "sold_at": "购机日期|销售时间|开单时间|成交日期|Order Date|Date of Purchase|Date Sold|结账时间",
        "number": "订单号码|单据号码|销售单编号|小票编号|Order #|Invoice No.|Ticket No",
        "item": "产品型号|手机型号|商品描述|货品|货名|物品名称|Product Description|Item Name|Device",
        "quantity": "卖出数量|销量|Qty Sold",
        "price": "零售价|单价(元)|销售价格|Unit Price (CNY)",
        "amount": "折后价|实付款|实际支付|实收款|成交价格|交易金额|总计金额|Amount (¥)|Total Price|Net Sales|Grand Total",
        "discount": "折扣额|抵扣金额",
        "pay": "付款类型|支付类型|Payment Type|Payment Method",
        "clerk": "销售员工|销售人|开单员|售货员|Sales Person|Sales Rep|收银",
        "category": "产品分类|品类",
        "cost": "成本单价|进货成本",
        "phone": "客户电话|会员手机|Customer Phone",
        "name": "顾客姓名|购买人|购机人|购买客户|Buyer",
        "imei": "IMEI号|机身串码",
        "sale_type": "单据状态",
        "note": "备注说明",
        "color": "颜色",
        "storage": "内存容量",
    },
    "followups": {
        "due_day": "跟进日期|下次回访|下一次到店|下次回访日期|计划跟进时间|Next Follow-up",
        "contact_at": "回访日期|回访时间|联系日期|联系时间|沟通日期|Date Contacted|Contact Date",
        "content": "回访内容|回访记录|沟通记录|沟通内容|谈话内容|通话记录|Call Notes|Notes of call",
        "clerk": "回访人员|回访员|跟进人员",
        "channel": "回访方式|联系途径|沟通渠道|跟进类型",
        "outcome": "回访结果|沟通结果|Result",
        "state": "跟进状态",
        "name": "客户名",
        "phone": "联系号码",
    },
    "complaints": {
        "received_at": "投诉时间|投诉日期|受理日期|报修时间|Date Received",
        "summary": "投诉内容|投诉详情|问题说明|故障情况|投诉描述|Complaint Details|Issue Description",
        "complaint_category": "投诉分类",
        "answer": "处理方案|解决办法|处理过程|Action Taken",
        "state": "处理状态|完成状态",
        "clerk": "处理人员|受理人员|责任员工",
        "closed_day": "结束时间|处理完成日期|Date Closed",
        "name": "投诉客户|投诉人姓名",
        "phone": "投诉人电话",
        "priority": "紧急级别|优先程度",
    },
}  # fmt: skip
"""Kind → field → headings of that meaning as people word them, most of them no synonym of fields.py."""

ABOUT_OTHER_THINGS = (
    "紧急联系人电话|紧急联系人|客户经理电话|店员电话|门店电话|门店|店名|微信名|手机壳颜色|发票抬头|身份证号|年龄|星座|家庭成员"
    "|孩子生日|配偶生日|配偶姓名|配偶电话|员工编号|序号|编号|No|#|ID|会员状态|开户行|银行卡号|密码|更新时间|修改时间|创建人|操作员|快递单号|物流单号|QQ|抖音号"
    "|传真|Fax|邮编|Zip|Country"
    "|国家|民族|学历|Spouse|Anniversary|Manager's Phone|Emergency Contact|Emergency Phone|库存数量|退货数量|毛利|税额"
    "|运费|赠品|保修期|保修到期日|套餐|运营商"
    "|客户数量|总人数|话费余额|通话时长|投诉次数|满意度"
)  # fmt: skip

BODY: dict[str, tuple[Any, Any]] = {
    "phone": ("13844440001", "13844440002"), "day": (date(2026, 1, 5), date(2026, 1, 6)), "money": (5999, 3999.5),
    "instant": ("2026-01-05 10:00", "2026-01-06 11:30"), "birthday": ("1990-05-01", "1992-06-02"), "count": (1, 2),
    "imei": ("490154203237518", "356938035643809"), "gender": ("男", "女"), "yes": ("是", "否"), "tags": ("VIP", "苹果"),
    "code": ("A0001", "A0002"), "consent": ("是", "否"), "answer": ("是", "否"),
}  # fmt: skip
"""A reader → what stands in two rows of such a column; others hold words."""


def sheet(columns: Sequence[tuple[str, ...]], above: int = 0, kind: Kind | None = None) -> Layout:
    """The layout of a sheet with these (heading, reader) columns."""
    rows: list[list[Any]] = [["某某手机店"], ["打印日期", "2026-01-01"]][:above]
    rows.append([column[0] for column in columns])
    for place in (0, 1):
        rows.append([BODY.get(column[1], ("甲乙丙", "some words"))[place] for column in columns])
    return find_layout([Row(number, list(cells)) for number, cells in enumerate(rows, 1)], kind=kind)


def reader_of(kind: Kind, key: str) -> str:
    return next(field.reader for field in FIELDS[kind] if field.key == key)


ANCHORS: dict[Kind, tuple[tuple[str, str, str], ...]] = {
    "customers": (("姓名", "text", "name"), ("生日", "birthday", "birthday"), ("来源", "text", "source")),
    "purchases": (
        ("商品名称", "text", "item"),
        ("数量", "count", "quantity"),
        ("实付金额", "money", "amount"),
    ),
    "followups": (("跟进内容", "note", "content"), ("跟进时间", "instant", "contact_at")),
    "complaints": (("投诉内容", "note", "summary"), ("处理结果", "note", "answer")),
}
"""Kind → (heading, reader, field) of columns that make a sheet one of it."""


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in WORDED.items() for key in keys])
def test_a_heading_in_other_words(kind: Kind, key: str) -> None:
    for heading in WORDED[kind][key].split("|"):
        beside = [anchor for anchor in ANCHORS[kind] if anchor[2] != key]
        found = sheet([(heading, reader_of(kind, key)), *beside], kind=kind)
        assert found.mapping[heading] == key, heading


@pytest.mark.parametrize("kind", KINDS)
def test_a_heading_about_something_else_is_not_taken_for_ours(kind: Kind) -> None:
    for heading in ABOUT_OTHER_THINGS.split("|"):
        found = sheet([(heading, "text"), *ANCHORS[kind]], kind=kind)
        assert found.mapping[heading] == "extra", heading


# ---------------------------------------------------------------- random sheets

DECORATIONS = (
    "{}",
    "*{}",
    "{}（必填）",
    " {} ",
    "{}：",
    "{}(选填)",
    "【必填】{}",
    "{}\n(示例)",
    "★{}",
    "{} *",
)
JUNK = ("星座", "身份证号", "门店", "QQ", "更新时间", "Anniversary", "毛利", "保修期")


def random_sheet(seed: int) -> tuple[Kind, dict[str, str], list[tuple[str, str]], int]:
    """A kind, heading → field, its columns in any order, and how many rows stand above."""
    luck = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    fields = [field for field in FIELDS[kind] if field.names != ("",)]
    needed = {"customers": "name", "purchases": "amount", "followups": "content", "complaints": "summary"}
    who = luck.choice(("name", "phone", "card_no"))
    strong = sorted((field for field in fields if field.weight >= 2), key=lambda field: field.key)
    chosen = {needed[kind], who, *(field.key for field in luck.sample(strong, min(3, len(strong))))}
    chosen |= {field.key for field in luck.sample(fields, 4)} - {"serial", "email_opt_out", "phone_label"}
    chosen -= {"last_name", "first_name", "middle_name", "nickname", "company"}
    wanted: dict[str, str] = {}
    columns: list[tuple[str, str]] = []
    for key in sorted(chosen):
        field = next(one for one in fields if one.key == key)
        heading = luck.choice(DECORATIONS).format(_cased(luck, luck.choice(_names(kind, field.names, key))))
        wanted[clean_text(heading)] = key
        columns.append((heading, field.reader))
    columns += [(junk, "text") for junk in luck.sample(JUNK, luck.randint(0, 3))]
    luck.shuffle(columns)
    return kind, wanted, columns, luck.randint(0, 2)


def _names(kind: Kind, names: Sequence[str], key: str) -> list[str]:
    """The synonyms that mean this field alone."""
    others = {name for field in FIELDS[kind] if field.key != key for name in field.names}
    found = [name for name in names if name not in others and name != "会员卡"]
    assert found
    return found


def _cased(luck: random.Random, name: str) -> str:
    return luck.choice((name, name.upper(), name.title())) if name.isascii() else name


@pytest.mark.parametrize("tens", range(40))
def test_any_order_of_any_synonyms_with_any_decoration(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        kind, wanted, columns, above = random_sheet(seed)
        found = sheet(columns, above)
        assert found.kind == kind, columns
        assert {title: key for title, key in found.mapping.items() if title in wanted} == wanted
        assert found.skip == above + 1
