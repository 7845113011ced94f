"""The shops that are rendered: believable, empty, and with everything as long as it can get."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desktop_crm import complaints, customers, demo, devices, followups, interactions, purchases, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customer_drafts import CustomerDraft
from desktop_crm.phones import PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.shop import Shop

UNTIL = date(2026, 11, 21)
_LONG_NAME = "阿不都热合曼·买买提艾力·玉素甫江·努尔买买提"
_LONG_LATIN = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Third"
_LONG_NOTE = "每次来都要先看样机再问价格,不要推销保险,也不要推荐套餐;" * 12
_LONG_MODEL = "华为 Mate 80 RS 非凡大师 ULTIMATE DESIGN 典藏版 16GB+1TB 瑞红"


def clock() -> FixedClock:
    """The afternoon of the day the demo is made for."""
    return FixedClock(datetime(2026, 11, 21, 6, 30, tzinfo=UTC))


def make_demo(folder: Path) -> None:
    """The demo of the welcome, for a day that does not move."""
    demo.make(folder, until=UNTIL)


def make_empty(folder: Path) -> None:
    """A shop that was made a moment ago."""
    Shop.create(folder, "新店", clock()).close()


def make_extreme(folder: Path) -> None:
    """A shop in which every text is as long as people make them, and every number large."""
    moving = clock()
    shop = Shop.create(folder, "星河通讯设备连锁有限责任公司杭州文三路数码广场旗舰体验店(二楼)", moving)
    clerk = staff.add(shop, "Christopher Montgomery-Featherstone", "owner")
    shop = shop.at_counter(clerk)
    ids = [customers.add(shop, _draft(number)) for number in range(40)]
    for number, customer in enumerate(ids):
        moving.instant = datetime(2026, 10, 1, 6, 30, tzinfo=UTC) + timedelta(hours=number)
        _fill(shop, customer, number, times=18 if number == 0 else 1)
    moving.instant = clock().instant
    shop.close()


def _draft(number: int) -> CustomerDraft:
    name = (_LONG_NAME, _LONG_LATIN, "䶮", "𠮷田喆堃", "林")[number % 5] + (
        f" {number}" if number > 4 else ""
    )
    phones = (
        PhoneDraft(f"1380571{number:04d}"),
        PhoneDraft("0571 8888 6666", label="杭州市西湖区文三路办公室前台总机"),
        PhoneDraft("+1 418 656 9254", label="Canada"),
    )
    return CustomerDraft(
        name=name,
        phones=phones if number % 3 else phones[:1],
        tags=tuple(f"很长很长的一个标签{tag}" for tag in range(9 if number < 3 else 1)),
        wechat="wxid_" + "a1b2c3d4" * 4,
        email="a.very.long.address.of.somebody@a-very-long-domain-name.example.com",
        birthday="1962-12-30",
        birthday_lunar=number % 2 == 0,
        region="新疆维吾尔自治区克孜勒苏柯尔克孜自治州",
        address="文三路 388 号钱江科技大厦 B 座 2207 室,前台代收,工作日 9 点到 17 点",
        occupation="移动通信设备销售与售后服务高级工程师",
        source="老客户介绍(王建国的表弟的同事)",
        note=_LONG_NOTE,
    )


def _fill(shop: Shop, customer: int, number: int, times: int) -> None:
    for time in range(times):
        line = LineDraft(f"{_LONG_MODEL} {time}", 1_299_900 + time, imei=f"35{number:06d}{time:06d}0")
        payments = (PaymentDraft("trade_in", 299_900, _LONG_MODEL), PaymentDraft("wechat", 1_000_000 + time))
        purchases.record(shop, SaleDraft((line,), payments, customer, note=_LONG_NOTE[:200]))
        interactions.log(shop, customer, "wechat", "customer", _LONG_NOTE[:300])
        devices.add(shop, customer, _LONG_MODEL, color="瑞红", plan_name="中国移动全球通 5G 尊享 588 元套餐")
        followups.plan(shop, customer, shop.today() + timedelta(days=time), _LONG_NOTE[:120])
        complaints.receive(shop, ComplaintDraft(_LONG_NOTE[:400], customer, "high", "屏幕显示异常"))


MAKERS = {"demo": make_demo, "empty": make_empty, "extreme": make_extreme}
