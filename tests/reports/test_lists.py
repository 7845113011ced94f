"""Lists and cards on paper and as lines."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import card, tiers
from desktop_crm.base.document import Paragraph, Table, Value
from desktop_crm.customers import CustomerMissing
from desktop_crm.reports import lists, output
from desktop_crm.shop import Shop
from tests.shop_rows import Rows


@pytest.fixture
def anna(shop: Shop) -> int:
    """A customer with a little of everything."""
    with shop.change("Anna", {"customers"}):
        rows = Rows(shop)
        clerk = rows.clerk("李娜")
        customer = rows.customer(
            "Anna", "2026-01-01", birthday="--05-01", wechat="anna8", note="likes\nblue", owner_staff_id=clerk
        )
        rows.phone(customer, "13805718866")
        rows.device(customer, "490154203237518", "2026-10-01")
        rows.sale(customer, "2026-10-01", 4999)
        rows.sale(customer, "2026-10-02", 10, void="2026-10-02")
        rows.case("2026-11-20 10:00", "2026-11-23 10:00", customer_id=customer)
        rows.followup(customer, "2026-11-19", clerk=clerk)
        rows.followup(customer, "2026-11-21")
        tiers.first_within(shop)
    return customer


def test_the_due_list_has_numbers_to_dial_and_marks_late_ones(shop: Shop, anna: int) -> None:
    made = lists.due_list(shop)
    assert made.title == "To contact on 2026-11-21"
    table = made.blocks[0]
    assert isinstance(table, Table)
    tick, who, phone, why, due, clerk = table.rows[0]
    assert (tick, who, phone) == ("□", Value("Anna", bold=True), "138 0571 8866")
    assert str(why).startswith("battery")
    assert due == Value("2026-11-19", "day", tone="bad")
    assert clerk == "李娜"
    assert table.rows[1][4] == Value("2026-11-21", "day")
    assert output.content(made, ".pdf")


def test_a_day_without_contacts_says_so(shop: Shop) -> None:
    table = lists.due_list(shop, date(2026, 1, 1), language="en").blocks[0]
    assert isinstance(table, Table)
    assert (table.rows, table.empty) == ((), "Nobody is due.")


def test_a_card_on_paper_holds_what_is_known(shop: Shop, anna: int) -> None:
    made = lists.customer_card(shop, anna)
    titles = [block.title for block in made.blocks if isinstance(block, Table)]
    assert titles == ["Potential", "Devices", "Purchases", "Open follow-ups", "Open complaints", "Past"]
    assert [block.text for block in made.blocks if isinstance(block, Paragraph)] == ["likes blue"]
    facts = made.blocks[0]
    assert isinstance(facts, Table)
    assert ("Phone", "138 0571 8866") in facts.rows
    assert ("Birthday", "05-01") in facts.rows
    assert output.content(made, ".pdf")


def test_a_card_that_never_was_is_refused(shop: Shop) -> None:
    with pytest.raises(CustomerMissing):
        lists.customer_card(shop, 999)


def test_a_card_as_lines_for_a_terminal(shop: Shop, anna: int) -> None:
    lines = lists.card_lines(card.gather(shop, anna))
    assert lines[0].startswith("Anna  Potential")
    assert "  Phone: 138 0571 8866" in lines
    assert "  Note: likes blue" in lines
    assert "  2026-10-01  iPhone 17 256G  ¥4,999" in lines
    assert "  2026-10-02  iPhone 17 256G (voided)  ¥0" in lines
    assert lines.index("Devices") < lines.index("Purchases") < lines.index("Past")


def test_an_empty_card_has_no_empty_sections(shop: Shop) -> None:
    with shop.change("Bo", {"customers"}):
        bo = Rows(shop).customer("Bo")
    lines = lists.card_lines(card.gather(shop, bo))
    assert lines[0] == "Bo  Not judged yet"
    assert "Devices" not in lines
