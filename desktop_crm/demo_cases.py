"""Complaints of the demo shop with the steps that were taken by now, in business hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from desktop_crm import business_time
from desktop_crm.base.dates import from_instant, to_instant
from desktop_crm.complaint_rules import STATE_AFTER
from desktop_crm.demo_calendar import CLOSES, HOURS_AHEAD, NOW, OPENS, open_day, stamp
from desktop_crm.demo_stage import Life
from desktop_crm.records.complaints import Complaint, ComplaintState, ComplaintStep, Priority, StepKind
from desktop_crm.records.interactions import Channel, Interaction
from desktop_crm.records.purchases import Purchase

_PROBLEMS = {
    "phone": (
        ("屏幕", "屏幕偏黄，和样机不一样"),
        ("屏幕", "屏幕有一条亮线"),
        ("电池", "电池一天要充两次"),
        ("电池", "充电时发烫"),
        ("信号", "地铁里经常没有信号"),
        ("系统", "升级以后很卡"),
        ("价格", "买了三天就降价了"),
        ("服务", "等了半个小时没人接待"),
        ("服务", "说好送的手机壳没有给"),
    ),
    "service": (
        ("维修", "换屏以后触摸不灵"),
        ("维修", "换电池后后盖没有压紧"),
        ("配件", "贴膜有气泡，边上翘起"),
        ("服务", "说好一小时修好，等了一下午"),
    ),
}
_ANSWERS = {
    "屏幕": ("检测后换新屏", "寄厂家检测后换机", "说明色差在正常范围，客户接受"),
    "电池": ("更换电池，已测试", "清理后台应用，续航恢复"),
    "信号": ("换卡托并重置网络，信号恢复", "陪客户到营业厅换卡"),
    "系统": ("刷机后正常，教了设置",),
    "价格": ("退差价 100 元", "送保护壳和膜，客户接受"),
    "服务": ("店长道歉，送贴膜一次", "补送手机壳"),
    "维修": ("免费重修，延保三个月",),
    "配件": ("重新贴膜并道歉", "换新配件"),
}
_PRIORITIES: tuple[Priority, ...] = ("high", "normal", "normal", "normal", "low")
_ALLOWED_MINUTES: dict[Priority, int] = {"high": 4 * 60, "normal": 24 * 60, "low": 72 * 60}
"""As the shop's settings have it by default."""
_AT_ONCE = (0.20, 0.65)
_PLAIN = (0.66, 0.92)
"""Chances of a case mended at the counter, and of one that takes its time but is neither withdrawn nor reopened."""
SETTLED_DAYS = 14
"""Cases of these last days are the ones that are open now."""
_CHANNELS: tuple[Channel, ...] = ("visit", "wechat", "call")
_FIRST_WORDS_AFTER = (0, 0, 3, 6, 12, 25, 90)


@dataclass(frozen=True)
class OpenCase:
    """A case that is open today: days since it came in, priority, share of its steps taken; a copy of the first one.

    Attributes:
        told: which of the problems with phones.
    """

    days: int
    priority: Priority
    taken: float
    told: int = 0
    is_copy: bool = False


OPEN_CASES = (
    OpenCase(5, "normal", 0.5, 0),
    OpenCase(2, "high", 0.2, 3),
    OpenCase(3, "low", 0.6, 5),
    OpenCase(1, "normal", 0.08, 6),
    OpenCase(2, "normal", 0.9, 2),
    OpenCase(6, "low", 0.7, 8),
    OpenCase(4, "normal", 0.0, is_copy=True),
)
"""The first two are late, the last one tells the first one again."""


def complain(life: Life, day: date, purchase: Purchase, category: str, device_id: int | None) -> None:
    """A case that came in on a day, if that is long past; most are handled in time."""
    day = open_day(day)
    if day > life.stage.until - timedelta(days=SETTLED_DAYS):
        return
    priority = life.rng.choice(_PRIORITIES)
    late = life.rng.random() < 0.14
    share = life.rng.uniform(1.2, 2.5) if late else life.rng.uniform(0.25, 0.9)
    received = stamp(day, life.minute(day))
    told = life.rng.choice(_PROBLEMS[category])
    _case(life, received, purchase, device_id, told, priority, _ALLOWED_MINUTES[priority] * share)


def open_case(
    life: Life, purchase: Purchase, device_id: int, case: OpenCase, first: Complaint | None
) -> Complaint:
    """One of the cases that are open today, about a phone sold of late."""
    day = open_day(life.stage.until - timedelta(days=case.days))
    minute = OPENS + 60 + life.rng.randrange(CLOSES - OPENS - 200)
    received = stamp(day, minute)
    if case.is_copy and first is not None:
        return _copy_of(life, first, received)
    passed = business_time.minutes_between(from_instant(received), _now(life), life.stage.hours)
    minutes = passed / max(case.taken, 0.03)
    return _case(
        life, received, purchase, device_id, _PROBLEMS["phone"][case.told], case.priority, minutes, _PLAIN
    )


def _case(
    life: Life,
    received: str,
    purchase: Purchase,
    device_id: int | None,
    told: tuple[str, str],
    priority: Priority,
    minutes: float,
    chances: tuple[float, float] = (0.0, 1.0),
) -> Complaint:
    """A case and its steps, which take so many business minutes in all; `chances` bound what may come of it."""
    stage, rng = life.stage, life.rng
    problem, summary = told
    case_id = stage.new_id(Complaint)
    channel = rng.choice(_CHANNELS)
    _came_by(life, case_id, received, channel, summary)
    state, closed = _take_steps(life, case_id, received, minutes, problem, summary, chances)
    due = business_time.add_minutes(from_instant(received), _ALLOWED_MINUTES[priority], stage.hours)
    assert life.customer is not None
    made: Complaint = stage.keep(
        Complaint(
            case_id,
            summary,
            received,
            _day(received).isoformat(),
            to_instant(due),
            customer_id=life.customer.id,
            purchase_id=purchase.id,
            device_id=device_id,
            category=problem,
            priority=priority,
            channel=channel,
            state=state,
            owner_staff_id=life.clerk,
            created_at=received,
        )
    )
    if closed is not None:
        life.plan("complaint_closed", closed + timedelta(days=7), closed, ("complaint", case_id))
    return made


def _copy_of(life: Life, first: Complaint, received: str) -> Complaint:
    """The same case told a second time, and recognised."""
    at = from_instant(received)
    copy: Complaint = life.stage.add(
        Complaint,
        first.summary,
        received,
        _day(received).isoformat(),
        to_instant(business_time.add_minutes(at, _ALLOWED_MINUTES["normal"], life.stage.hours)),
        customer_id=first.customer_id,
        purchase_id=first.purchase_id,
        device_id=first.device_id,
        category=first.category,
        channel="wechat",
        state="duplicate",
        owner_staff_id=life.clerk,
        duplicate_of=first.id,
        created_at=received,
    )
    _step(life, copy.id, "received", at, first.summary, is_contact=True)
    _step(life, copy.id, "duplicate", at + timedelta(minutes=20), "同一件事，已在处理", is_contact=False)
    return copy


def _came_by(life: Life, case_id: int, received: str, channel: Channel, summary: str) -> None:
    """The visit or message a case came in by."""
    assert life.customer is not None
    day = _day(received)
    life.stage.add(
        Interaction,
        life.customer.id,
        received,
        day.isoformat(),
        channel,
        "customer",
        summary,
        staff_id=life.clerk,
        complaint_id=case_id,
    )
    life.active.append(day)


def _take_steps(
    life: Life,
    case_id: int,
    received: str,
    minutes: float,
    problem: str,
    summary: str,
    chances: tuple[float, float],
) -> tuple[ComplaintState, date | None]:
    """Take the steps as far as they lie in the past; the state they lead to, and the day of closing."""
    came, hours = from_instant(received), life.stage.hours
    _step(life, case_id, "received", came, summary, is_contact=True)
    state: ComplaintState = "received"
    at, chance = came, life.rng.uniform(*chances)
    script = _at_once(life, problem) if _AT_ONCE[0] < chance < _AT_ONCE[1] else _script(life, problem, chance)
    for kind, share, note, is_contact in script:
        after = life.rng.choice(_FIRST_WORDS_AFTER) if kind == "responded" else max(1.0, minutes * share)
        at = max(at, business_time.add_minutes(came, after, hours))
        if at > _now(life):
            break
        _step(life, case_id, kind, at, note, is_contact=is_contact)
        state = STATE_AFTER.get(kind, state)
    return state, _day(to_instant(at)) if state == "closed" else None


_Step = tuple[StepKind, float, str, bool]
"""Kind, share of the case's time at which it is taken, words, whether it was a contact of its own."""


def _at_once(life: Life, problem: str) -> Iterator[_Step]:
    """A case that is mended at the counter, while the customer waits."""
    yield "responded", 0.0, "当场处理", False
    yield "resolved", 0.04, life.rng.choice(_ANSWERS[problem]), False
    yield "answered", 0.05, "客户当场试过", False
    yield "closed", 0.06, "客户满意", False


def _script(life: Life, problem: str, chance: float) -> Iterator[_Step]:
    """The steps of a case that takes its time; some are withdrawn, some come back."""
    answers = _ANSWERS[problem]
    yield "responded", 0.02, "已联系客户，约时间看机", True
    if chance < 0.05:
        yield "withdrawn", 0.3, "客户说自己弄好了", False
        return
    yield "investigating", 0.10, "到店检测", False
    yield "resolved", 0.55, life.rng.choice(answers), False
    if chance > 0.93:
        yield "reopened", 0.65, "客户说问题又出现", True
        yield "resolved", 0.80, life.rng.choice(answers), False
    yield "answered", 0.88, "已告知客户结果", True
    yield "closed", 1.0, "客户满意", False


def _step(life: Life, case_id: int, kind: StepKind, at: datetime, note: str, *, is_contact: bool) -> None:
    moment = to_instant(at)
    life.stage.add(
        ComplaintStep, case_id, kind, moment, _day(moment).isoformat(), life.clerk, note, is_contact
    )


def _now(life: Life) -> datetime:
    day = life.stage.until
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=NOW - HOURS_AHEAD * 60)


def _day(moment: str) -> date:
    """The shop day of an instant within opening hours."""
    return date.fromisoformat(moment[:10])
