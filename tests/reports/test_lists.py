"""Lists and cards on paper and as lines."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import custom_fields, customers, tiers
from desktop_crm.base.document import Table, Value
from desktop_crm.customers import CustomerDraft
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


def test_a_list_of_customers_has_the_own_fields_one_wants(shop: Shop, anna: int) -> None:
    until = custom_fields.add(shop, "Until", "date")
    rent = custom_fields.add(shop, "Rent", "number")
    vip = custom_fields.add(shop, "VIP", "yes_no")
    custom_fields.put(shop, anna, until, "2026-12-01")
    custom_fields.put(shop, anna, vip, "yes")
    bo = customers.add(shop, CustomerDraft("Bo"))
    made = lists.customer_list(shop, [bo, anna], [vip, until])
    table = made.blocks[0]
    assert isinstance(table, Table)
    assert made.title == "Customers"
    assert [column.title for column in table.columns][5:] == ["Until", "VIP"]
    assert table.rows[0] == (Value("Bo", bold=True), None, "Prospect", None, "", "", "")
    assert table.rows[1][5:] == ("2026-12-01", "Yes")
    assert lists.customer_list(shop, [], [rent], title="Nobody").title == "Nobody"
    assert output.content(made, ".pdf")
