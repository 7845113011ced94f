"""What customers owe: sales on account, payments, credit, corrections, and what refunds and voids do to it."""

from __future__ import annotations

import pytest

from desktop_crm import balance, customers, history, integrity, merge, purchases, timeline
from desktop_crm.balance import BalanceWrong
from desktop_crm.customers import CustomerMissing
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft, SaleWrong
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.shop import Shop
from tests.contact_builders import add_customer, add_staff

PHONE = LineDraft("iPhone 17 256G", 579_900)
FILM = LineDraft("钢化膜", 10_000, category="accessory")


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer."""
    return add_customer(shop)


def sell(shop: Shop, who: int | None, owed_yuan: int) -> int:
    """A phone, part of it on account, the rest by WeChat."""
    owed = owed_yuan * 100
    paid = (PaymentDraft("wechat", 579_900 - owed), PaymentDraft("account", owed))
    return purchases.record(shop, SaleDraft((PHONE,), paid, who))


def moves(shop: Shop, who: int) -> list[tuple[str, int, int]]:
    return [(line.entry.kind, line.entry.amount_fen, line.after_fen) for line in balance.ledger(shop, who)]


def test_what_is_left_unpaid_is_owed_and_undone_with_its_sale(shop: Shop, wang: int) -> None:
    clerk = add_staff(shop)
    made = sell(shop.at_counter(clerk), wang, 2000)
    assert balance.due_fen(shop, wang) == 200_000
    (entry,) = balance.entries(shop, wang)
    assert (entry.kind, entry.purchase_id, entry.staff_id, entry.day) == ("sale", made, clerk, "2026-11-21")
    assert purchases.get(shop, made).on_account_fen == 200_000
    history.undo(shop.at_counter(clerk))
    assert balance.due_fen(shop, wang) == 0
    history.redo(shop.at_counter(clerk))
    assert balance.entries(shop, wang) == [entry]


def test_all_of_a_sale_may_be_on_account_and_nothing_of_it_too(shop: Shop, wang: int) -> None:
    purchases.record(shop, SaleDraft((FILM,), (PaymentDraft("account", 10_000),), wang))
    purchases.record(
        shop, SaleDraft((FILM,), (PaymentDraft("cash", 10_000), PaymentDraft("account", 0)), wang)
    )
    assert moves(shop, wang) == [("sale", 10_000, 10_000)]


def test_somebody_unknown_cannot_owe(shop: Shop) -> None:
    with pytest.raises(SaleWrong, match="Only a customer with a card"):
        sell(shop, None, 100)
    assert purchases.latest(shop) == []


def test_a_payment_lowers_what_is_owed_undone_and_redone(shop: Shop, wang: int) -> None:
    sell(shop, wang, 2000)
    balance.pay(shop, wang, 150_000, "alipay", " 先还一部分 ")
    assert moves(shop, wang) == [("payment", -150_000, 50_000), ("sale", 200_000, 200_000)]
    assert (balance.entries(shop, wang)[0].method, balance.entries(shop, wang)[0].note) == (
        "alipay",
        "先还一部分",
    )
    history.undo(shop)
    assert balance.due_fen(shop, wang) == 200_000
    history.redo(shop)
    assert balance.due_fen(shop, wang) == 50_000


@pytest.mark.parametrize(
    ("fen", "method", "words"),
    [
        (0, "cash", "Between ¥0.01 and ¥2,000"),
        (200_001, "cash", "Between ¥0.01 and ¥2,000"),
        (100, "account", "settled with money"),
        (100, "trade_in", "settled with money"),
    ],
)
def test_a_wrong_payment_is_refused(shop: Shop, wang: int, fen: int, method: str, words: str) -> None:
    sell(shop, wang, 2000)
    with pytest.raises(BalanceWrong, match=words):
        balance.pay(shop, wang, fen, method)  # type: ignore[arg-type]
    assert balance.due_fen(shop, wang) == 200_000


def test_nothing_is_paid_where_nothing_is_owed(shop: Shop, wang: int) -> None:
    with pytest.raises(BalanceWrong, match="nothing to pay"):
        balance.pay(shop, wang, 100)
    with pytest.raises(BalanceWrong, match="nothing to pay"):
        balance.pay_out(shop, wang, 100)


def test_a_refund_strikes_off_what_is_owed_before_money_is_given_back(shop: Shop, wang: int) -> None:
    made = sell(shop, wang, 2000)
    purchases.refund(shop, made, 250_000, "降价", method="cash")
    sale = purchases.get(shop, made)
    assert [(each.method, each.amount_fen) for each in sale.refunds] == [
        ("account", 200_000),
        ("cash", 50_000),
    ]
    assert balance.due_fen(shop, wang) == 0
    history.undo(shop)
    assert balance.due_fen(shop, wang) == 200_000
    history.redo(shop)
    assert moves(shop, wang)[0] == ("refund", -200_000, 0)
    purchases.refund(shop, made, 1_000, "降价", method="cash")
    assert purchases.get(shop, made).refunds[-1].method == "cash"


def test_only_what_is_still_owed_is_struck_off(shop: Shop, wang: int) -> None:
    first, second = sell(shop, wang, 2000), sell(shop, wang, 500)
    balance.pay(shop, wang, 100_000)
    purchases.refund(shop, first, 579_900, "退货", method="wechat")
    assert [(each.method, each.amount_fen) for each in purchases.get(shop, first).refunds] == [
        ("account", 150_000),
        ("wechat", 429_900),
    ]
    assert balance.due_fen(shop, wang) == 0, "the payment had been of either"
    purchases.refund(shop, second, 10_000, "降价", method="wechat")
    assert [each.method for each in purchases.get(shop, second).refunds] == ["wechat"]


def test_a_void_strikes_off_and_what_was_paid_becomes_credit_to_be_paid_out(shop: Shop, wang: int) -> None:
    made = sell(shop, wang, 2000)
    balance.pay(shop, wang, 50_000)
    purchases.void(shop, made, "录错了")
    assert moves(shop, wang)[0] == ("refund", -200_000, -50_000)
    assert balance.words(balance.due_fen(shop, wang)) == "Credit ¥500"
    with pytest.raises(BalanceWrong, match="Between"):
        balance.pay_out(shop, wang, 50_001)
    balance.pay_out(shop, wang, 50_000, "cash")
    assert balance.due_fen(shop, wang) == 0
    assert [balance.label(each) for each in balance.entries(shop, wang)] == [
        "Paid out",
        "Taken back",
        "Payment",
        "Sale on account",
    ]
    history.undo(shop)
    assert balance.due_fen(shop, wang) == -50_000


def test_an_account_is_corrected_with_a_reason_or_brought_along(shop: Shop, wang: int) -> None:
    balance.correct(shop, wang, 30_000, "", kind="opening")
    balance.correct(shop, wang, -5_000, "抹零")
    assert moves(shop, wang) == [("correction", -5_000, 25_000), ("opening", 30_000, 30_000)]
    history.undo(shop)
    assert balance.due_fen(shop, wang) == 30_000
    history.redo(shop)
    assert balance.due_fen(shop, wang) == 25_000
    with pytest.raises(BalanceWrong, match="say why"):
        balance.correct(shop, wang, 100, " ")
    with pytest.raises(BalanceWrong, match="changes nothing"):
        balance.correct(shop, wang, 0, "抹零")


def test_prepaid_money_that_came_along_has_a_name_of_its_own(shop: Shop, wang: int) -> None:
    balance.correct(shop, wang, -50_000, "", kind="opening")
    (entry,) = balance.entries(shop, wang)
    assert balance.label(entry) == "Prepaid balance"
    told = [entry.text for entry in timeline.page(shop, wang, "purchases")]
    assert told == ["Prepaid ¥500 brought along"]


def test_a_card_that_is_gone_has_no_account(shop: Shop, wang: int) -> None:
    li = add_customer(shop, "李芳")
    merge.merge(shop, wang, [li])
    balance.correct(shop, wang, 100, "旧账")
    customers.delete(shop, [wang])
    for who, words in ((li, "went into card no."), (wang, "was deleted"), (99, "There is no customer")):
        with pytest.raises(CustomerMissing, match=words):
            balance.correct(shop, who, 100, "抹零")
        with pytest.raises(CustomerMissing, match=words):
            balance.pay(shop, who, 100)
        with pytest.raises(CustomerMissing, match=words):
            balance.pay_out(shop, who, 100)
    assert (balance.due_fen(shop, wang), balance.due_fen(shop, li)) == (100, 0)


def test_debtors_are_listed_the_largest_first(shop: Shop, wang: int) -> None:
    li, gone = add_customer(shop, "李芳"), add_customer(shop, "张伟")
    sell(shop, wang, 100)
    sell(shop, li, 300)
    sell(shop, gone, 500)
    customers.delete(shop, [gone])
    assert [(each.name, each.due_fen, each.since_day) for each in balance.debtors(shop)] == [
        ("李芳", 30_000, "2026-11-21"),
        ("王建国", 10_000, "2026-11-21"),
    ]


@pytest.mark.parametrize(("fen", "words"), [(20_000, "Owes ¥200"), (-5_050, "Credit ¥50.50"), (0, "")])
def test_a_balance_in_words(fen: int, words: str) -> None:
    assert balance.words(fen) == words


def test_a_ledger_that_does_not_fit_its_sales_is_found(shop: Shop, wang: int) -> None:
    made = sell(shop, wang, 200)
    purchases.void(shop, made, "录错了")
    assert integrity.check(shop) == []
    li = add_customer(shop, "李芳")
    with shop.change("break it", {"balance"}):
        shop.db.insert(BalanceEntry(0, li, shop.stamp(), "2026-11-21", 100, "sale", made))
    assert [(each.key, each.count) for each in integrity.check(shop)] == [("accounts", 1)]
