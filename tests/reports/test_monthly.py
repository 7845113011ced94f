"""The printed report: its letter, its pages, its two languages, the same bytes on the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import audit, performance, roles, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import from_instant, parse_period
from desktop_crm.base.document import BarChart, Document, Heading, Paragraph, ShareBar, Table, Tiles, Value
from desktop_crm.base.values import show
from desktop_crm.kpis import Kpi
from desktop_crm.reports import monthly, monthly_pages, output, sentences
from desktop_crm.settings import SHOP_ADDRESS
from desktop_crm.shop import Shop
from tests.shop_rows import Rows

OCTOBER = parse_period("2026-10")


def _steps(responded: str, resolved: str, closed: str) -> tuple[tuple[str, str], ...]:
    """The way of a case that went well."""
    return (("responded", responded), ("resolved", resolved), ("answered", resolved), ("closed", closed))


@pytest.fixture
def october(shop: Shop) -> Shop:
    """A month with sales, complaints in time, late and open, and contacts kept and missed."""
    with shop.change("October", {"customers"}):
        shop.put(SHOP_ADDRESS, "文三路 388 号")
        rows = Rows(shop)
        clerk = rows.clerk("李娜")
        anna = rows.customer("Anna")
        rows.phone(anna, "13805718866")
        bo = rows.customer("Bo", referred_by=anna)
        cy = rows.customer("𠮷田", "2026-10-02")
        rows.sale(anna, "2026-09-02", 2000)
        rows.sale(anna, "2026-10-05", 1000)
        rows.sale(bo, "2026-10-05", 3000)
        rows.sale(cy, "2026-10-07", 50)
        rows.refund(rows.sale(cy, "2026-10-07", 50), "2026-10-07", 50)
        rows.sale(None, "2025-10-05", 1000)
        rows.sale(rows.customer("Lost"), "2024-10-20", 10)
        on_time = _steps("2026-10-05 10:06", "2026-10-05 11:00", "2026-10-05 12:00")
        rows.case("2026-10-05 10:00", "2026-10-06 10:00", *on_time, customer_id=anna)
        late = _steps("2026-10-06 09:00", "2026-10-06 12:00", "2026-10-08 12:00")
        rows.case("2026-10-06 10:00", "2026-10-07 10:00", *late)
        rows.case("2026-10-28 10:00", "2026-10-29 10:00", customer_id=bo)
        rows.case("2026-10-30 10:00", "2026-11-02 10:00", ("resolved", "2026-10-31 10:00"), category="")
        rows.case("2026-10-31 10:00", "2026-11-02 10:00", customer_id=bo, category="battery")
        rows.case("2026-10-20 10:00", "2026-10-21 10:00", ("withdrawn", "2026-10-20 12:00"))
        rows.case("2026-09-20 10:00", "2026-09-21 10:00", customer_id=anna, category="service")
        past = _steps("2026-09-21 10:06", "2026-09-21 11:00", "2026-09-21 12:00")
        rows.case("2026-09-21 10:00", "2026-09-22 10:00", *past)
        rows.followup(anna, "2026-10-04", done="2026-10-04", clerk=clerk, rule="birthday")
        rows.followup(bo, "2026-10-20", done="2026-10-22", outcome="no_answer")
        rows.followup(cy, "2026-10-21")
    return shop


def report(shop: Shop, period: str = "2026-10", as_of: date | None = None) -> Document:
    """The report of a period."""
    return monthly.make(shop, parse_period(period), as_of)


def table(document: Document, title: str) -> list[list[str]]:
    """The rows of the table with a title, or of the first one after a heading, as printed."""
    after = False
    for block in document.blocks:
        after = after or (isinstance(block, Heading) and block.text == title)
        if isinstance(block, Table) and (block.title == title or after):
            return [
                [
                    show(cell) if isinstance(cell, Value) else show(cell, column.unit)
                    for cell, column in zip(row, block.columns, strict=True)
                ]
                for row in block.rows
            ]
    raise AssertionError(title)


def test_the_first_page_is_a_letter(october: Shop) -> None:
    made = report(october)
    assert made.title == "Report for October 2026"
    assert made.subtitle == "星河手机店 · 文三路 388 号"
    assert made.stamp == ("As known on 2026-10-31", "Printed 2026-11-21")
    assert made.footer.endswith(f"Audit trail {audit.anchor(october)}")
    letter = [(block.lead, block.text) for block in made.blocks[:3] if isinstance(block, Paragraph)]
    assert letter == [
        (
            "What went well:",
            "Net sales were ¥4,050, 102.5% more than in September and 305.0% more than in October 2025. "
            "2 new customers came, 1 of them sent by another customer.".replace(
                "another customer", "other customers"
            ),
        ),
        (
            "What to look at:",
            "1 customer became lost; churn rose from 0.0% to 50.0%. 3 complaints were not closed in time.",
        ),
        (
            "What was agreed:",
            "3 contacts were promised; 2 made, 1 on the day promised. 1 of these customers bought afterwards.",
        ),
    ]
    kinds = [type(block) for block in made.blocks[3:6]]
    assert kinds == [Tiles, BarChart, Table]


def test_the_table_says_how_each_figure_is_made(october: Shop) -> None:
    rows = table(report(october), "Figures")
    assert [row[0] for row in rows] == [
        "New-customer growth", "Repeat purchases", "Churn", "Average order value", "First response time",
        "Complaint handling rate",
    ]  # fmt: skip
    assert rows[2] == ["Churn", "50.0%", "0.0%", "0.0%", "–", "1 ÷ 2 · small sample"]
    assert rows[4] == ["First response time", "6 min", "6 min", "–", "–", "n = 1 · small sample"]


def test_whom_to_call_is_named_with_a_masked_number(october: Shop) -> None:
    rows = table(report(october), "Please call these customers yourself")
    reason = "complained on 2026-10-05 (screen), nothing bought since · sent us 1 customer"
    assert rows[0] == ["1", "Anna", "138****8866", reason]
    assert not any("13805718866" in cell for row in rows for cell in row)


def test_tiers_show_both_ends_and_who_moved(october: Shop) -> None:
    made = report(october)
    rows = table(made, "Tiers and movement")
    assert rows[0] == ["High value", "0", "0", "0", "0.0%"]
    assert rows[2] == ["Regular", "2", "1", "−1", "25.0%"]
    moves = table(made, "Who moved in the period")
    assert ["Regular", "", "1", "", "1", ""] in moves
    assert any(isinstance(block, ShareBar) for block in made.blocks)


def test_complaints_are_listed_late_ones_first_with_their_clock(october: Shop) -> None:
    rows = table(report(october), "Each complaint")
    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
        ("2026-09-20", "Received", "–", "late, due 2026-09-21"),
        ("2026-10-06", "Closed", "–", "closed late"),
        ("2026-10-28", "Received", "–", "late, due 2026-10-29"),
        ("2026-10-05", "Closed", "6 min", "closed in time"),
        ("2026-10-20", "Withdrawn", "–", "Withdrawn"),
        ("2026-10-30", "Resolved", "–", "resolved, due 2026-11-02"),
        ("2026-10-31", "Received", "–", "open, due 2026-11-02"),
    ]
    assert rows[0][2] == "service: screen turns yellow"
    assert rows[1][1] == "Unknown"


def test_a_long_list_of_complaints_is_cut_and_says_so(october: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monthly_pages, "MOST_CASES", 2)
    listed = next(
        block
        for block in report(october).blocks
        if isinstance(block, Table) and block.title == "Each complaint"
    )
    assert len(listed.rows) == 2
    assert listed.note == "The first 2 of 7."


def test_follow_ups_by_reason_and_clerk(october: Shop) -> None:
    made = report(october)
    assert table(made, "By clerk") == [
        ["Nobody in particular", "2", "1", "0", "0.0%"],
        ["李娜", "1", "1", "1", "100.0%"],
    ]
    assert table(made, "By reason") == [
        ["Planned contact", "2", "1", "0", "0.0%"],
        ["Birthday", "1", "1", "1", "100.0%"],
    ]
    assert table(made, "What came of them") == [["No answer", "1"], ["Reached", "1"]]


def test_who_sees_no_figures_of_the_others_sees_the_own(october: Shop) -> None:
    (li,) = staff.listing(october)
    staff.edit(october, li.id, role="clerk")
    made = report(october.at_counter(li.id))
    assert table(made, "Your own") == [["李娜", "1", "1", "1", "100.0%"]]
    assert "By clerk" not in repr(made)
    other = october.at_counter(staff.add(october, "小王"))
    assert table(report(other), "Your own") == []
    roles.save(october, "clerk", ["staff_figures"])
    assert len(table(report(other.at_counter(other.staff_id)), "By clerk")) == 2


def test_best_customers_and_what_was_sold(october: Shop) -> None:
    made = report(october)
    rows = table(made, "Best customers")
    assert rows == [
        ["1", "Bo", "–", "iPhone 17 256G", "1", "¥3,000", "¥3,000"],
        ["2", "Anna", "138****8866", "iPhone 17 256G", "1", "¥1,000", "¥3,000"],
        ["3", "𠮷田", "–", "iPhone 17 256G", "2", "¥50", "¥50"],
    ]
    assert table(made, "What was sold most") == [["iPhone 17 256G", "4", "¥4,100"]]


def test_all_figures_and_their_meaning_are_printed(october: Shop) -> None:
    made = report(october)
    rows = table(made, "All figures")
    assert ["Sales", "", "", "", ""] in rows
    assert ["Net sales", "¥4,050", "¥2,000", "¥1,000", "¥4,100 − ¥50"] in rows
    assert ["– Refunds", "¥50", "", "", ""] in rows
    assert ["Customer acquisition cost", "–", "–", "–", "Not recorded: expenses are not kept yet."] in rows
    assert len(table(made, "What each figure means")) == 36


def test_an_empty_shop_prints_dashes_and_plain_sentences(shop: Shop) -> None:
    made = report(shop)
    assert [block.text for block in made.blocks[:3] if isinstance(block, Paragraph)] == [
        "Net sales came to ¥0.",
        "Nothing stands out.",
        "No contacts were promised for these days.",
    ]
    assert all("%" not in cell for row in table(made, "Figures") for cell in row)
    assert table(made, "Each complaint") == []
    output.content(made, ".pdf")


@pytest.mark.parametrize(
    "period", ["2026-10", "2026-Q3", "2026", "2026-10-01..2026-10-15", "2026-12", "2026-11"]
)
def test_every_kind_of_period_makes_paper(october: Shop, period: str) -> None:
    made = report(october, period)
    assert output.content(made, ".pdf").startswith(b"%PDF")


def test_the_same_day_gives_the_same_bytes(october: Shop, clock: FixedClock) -> None:
    november = parse_period("2026-11")
    first = monthly.make(october, november)
    clock.instant = from_instant("2026-11-21T14:00:00Z")
    again = monthly.make(october, november)
    assert again == first
    for ending in (".pdf", ".xlsx"):
        assert output.content(first, ending) == output.content(again, ending)


def test_as_of_changes_what_is_known(october: Shop) -> None:
    early = report(october, as_of=date(2026, 10, 6))
    assert early.stamp[0] == "As known on 2026-10-06"
    assert [(row[3], row[5]) for row in table(early, "Each complaint")] == [
        ("Received", "late, due 2026-09-21"),
        ("Closed", "closed in time"),
        ("Answered", "resolved, due 2026-10-07"),
    ]


def test_the_language_of_the_paper_can_be_chosen(october: Shop) -> None:
    chinese = monthly.make(october, OCTOBER, language="zh_CN")
    assert chinese.language == "zh_CN"
    assert monthly.make(october, OCTOBER).language == "en"
    assert len(chinese.blocks) == len(report(october).blocks)


_Changed = tuple[float | None, float | None, float | None, float | None]


def _facts(shop: Shop, **changed: _Changed) -> sentences.Facts:
    """Facts of October with single figures changed: key=(value, previous, numerator, denominator)."""
    seen = performance.overview(shop, OCTOBER)
    kpis: dict[str, Kpi] = dict(seen.kpis)
    for key, figures in changed.items():
        value, previous, over, under = figures
        kpis[key] = replace(kpis[key], value=value, previous=previous, numerator=over, denominator=under)
    return sentences.Facts(seen.frames, kpis, (("screen", 3),), 0, (), 0)


def test_promises_without_a_sale_after_them_say_only_what_was_kept(shop: Shop) -> None:
    with shop.change("follow-up", {"followups"}):
        rows = Rows(shop)
        rows.followup(rows.customer("Anna"), "2026-10-05", done="2026-10-05")
    paragraph = report(shop).blocks[2]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "1 contact was promised; 1 made, 1 on the day promised."


def test_bad_news_is_said_plainly(shop: Shop) -> None:
    facts = _facts(
        shop,
        net_sales=(90_000, 100_000, 90_000, None),
        follow_up_on_time_rate=(0.5, None, 5, 10),
    )
    assert sentences.to_look_at(facts) == [
        "Net sales were ¥900, 10.0% less than in September.",
        "3 complaints were about “screen”.",
        "Only 50.0% of the contacts were made on the day promised.",
    ]
    assert sentences.went_well(facts) == []


def test_good_news_is_said_plainly(shop: Shop) -> None:
    facts = _facts(
        shop,
        complaint_on_time_rate=(1.0, None, 3, 3),
        churn_rate=(0.02, 0.03, 2, 100),
    )
    parts = dict(facts.kpis["retention_rate"].parts, won_back=2)
    growth = dict(facts.kpis["new_customer_growth"].parts, new_customers=1)
    facts.kpis["retention_rate"] = replace(facts.kpis["retention_rate"], parts=parts)
    facts.kpis["new_customer_growth"] = replace(facts.kpis["new_customer_growth"], parts=growth)
    assert sentences.went_well(facts) == [
        "1 new customer came.",
        "2 lost customers came back.",
        "3 of 3 complaints were closed in time.",
    ]
    assert sentences.to_look_at(facts)[0] == "2 customers became lost (churn 2.0%)."
