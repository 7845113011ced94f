"""The numbers of a card one by one: added, put right, made the main one, removed; who shares them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_crm import customer_phones, customers, history
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.phones import PhoneNotUnderstood
from desktop_crm.shop import Shop

MOBILE, HOME = "13805718866", "057187654321"


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer with a mobile and a landline at home."""
    return customers.add(shop, CustomerDraft("王建国", (PhoneDraft(MOBILE), PhoneDraft(HOME, label="家"))))


def numbers(shop: Shop, customer_id: int) -> list[tuple[str, str, str]]:
    return [(each.number, each.kind, each.label) for each in customers.phones(shop, customer_id)]


BEFORE = [(MOBILE, "mobile", ""), (HOME, "landline", "家")]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (
            lambda shop, who: customer_phones.add(shop, who, PhoneDraft("138 1111 2222", label="公司")),
            [*BEFORE, ("13811112222", "mobile", "公司")],
        ),
        (
            lambda shop, who: customer_phones.edit(shop, who, MOBILE, PhoneDraft("139 0000 1111")),
            [("13900001111", "mobile", ""), BEFORE[1]],
        ),
        (
            lambda shop, who: customer_phones.edit(shop, who, HOME, PhoneDraft(HOME, label="父母家")),
            [BEFORE[0], (HOME, "landline", "父母家")],
        ),
        (lambda shop, who: customer_phones.make_primary(shop, who, HOME), [BEFORE[1], BEFORE[0]]),
        (lambda shop, who: customer_phones.remove(shop, who, MOBILE), [BEFORE[1]]),
    ],
)
def test_each_change_is_undone_and_redone(
    shop: Shop, wang: int, change: Callable[[Shop, int], None], after: list[tuple[str, str, str]]
) -> None:
    change(shop, wang)
    assert numbers(shop, wang) == after
    history.undo(shop)
    assert numbers(shop, wang) == BEFORE
    history.redo(shop)
    assert numbers(shop, wang) == after


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda shop, who: customer_phones.add(shop, who, PhoneDraft("12")), PhoneNotUnderstood),
        (lambda shop, who: customer_phones.add(shop, who, PhoneDraft(" ")), PhoneNotUnderstood),
        (lambda shop, who: customer_phones.add(shop, who, PhoneDraft(HOME)), customer_phones.PhoneThere),
        (
            lambda shop, who: customer_phones.edit(shop, who, MOBILE, PhoneDraft(HOME)),
            customer_phones.PhoneThere,
        ),
        (lambda shop, who: customer_phones.remove(shop, who, "13900001111"), customer_phones.PhoneMissing),
        (
            lambda shop, who: customer_phones.make_primary(shop, who, "13900001111"),
            customer_phones.PhoneMissing,
        ),
    ],
)
def test_what_cannot_be_changes_nothing(
    shop: Shop, wang: int, change: Callable[[Shop, int], None], error: type[CrmError]
) -> None:
    with pytest.raises(error):
        change(shop, wang)
    assert numbers(shop, wang) == BEFORE


def test_who_shares_a_number_is_told(shop: Shop, wang: int) -> None:
    fang = customers.add(shop, CustomerDraft("李芳", (PhoneDraft(HOME), PhoneDraft("13900001111"))))
    gone = customers.add(shop, CustomerDraft("老王", (PhoneDraft(HOME),)))
    customers.delete(shop, [gone])
    found = customer_phones.sharing(shop, wang)
    assert [(each.number, each.customer.id) for each in found] == [(HOME, fang)]
    assert [(each.number, each.customer.id) for each in customer_phones.sharing(shop, fang)] == [(HOME, wang)]


@settings(max_examples=40)
@given(st.permutations(["13800000001", "13800000002", "13800000003"]), st.integers(0, 2))
def test_the_main_number_comes_first_and_the_rest_keep_their_order(order: list[str], place: int) -> None:
    drafts = [PhoneDraft(number) for number in order]
    moved = customer_phones.first(drafts, order[place])
    assert moved[0].number == order[place]
    assert [each.number for each in moved[1:]] == [number for number in order if number != order[place]]
