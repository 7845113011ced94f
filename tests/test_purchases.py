"""Sales: what fits together, what a sale sets off, refunds and voids, and taking each of them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desktop_crm import customers, devices, followups, history, merge, products, purchases, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft, SaleWrong
from desktop_crm.purchases import PurchaseUnknown, ReasonMissing, RefundWrong
from desktop_crm.records.products import Product
from desktop_crm.shop import Shop
from desktop_crm.store import backups as store_backups
from desktop_crm.store import devices as store_devices
from tests.contact_builders import add_customer, add_staff

IMEI, OLD = "352041000000008", "352078000000000"
PHONE = LineDraft("iPhone 17 256G", 579_900, imei=IMEI, cost_fen=520_000)
FILM = LineDraft("钢化膜", 3_900, 2, 800, category="accessory")


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer."""
    return add_customer(shop)


def everything(shop: Shop) -> dict[str, object]:
    """How many rows each table has, without the journal's own."""
    counts: dict[str, object] = dict(store_backups.row_counts(shop.db))
    for own in ("last_change", "changes", "audit"):
        counts.pop(own, None)
    return counts


def test_a_sale_is_stored_with_lines_payments_and_number(shop: Shop, wang: int) -> None:
    clerk = add_staff(shop)
    paid = (PaymentDraft("wechat", 500_000), PaymentDraft("cash", 86_900))
    made = purchases.record(shop.at_counter(clerk), SaleDraft((PHONE, FILM), paid, wang, note="送货"))
    sale = purchases.get(shop, made)
    purchase = sale.purchase
    assert (purchase.total_fen, purchase.day, purchase.staff_id, purchase.note) == (
        586_900,
        "2026-11-21",
        clerk,
        "送货",
    )
    assert purchase.number == "20261121-001"
    assert [(line.description, line.amount_fen) for line in sale.lines] == [
        ("iPhone 17 256G", 579_900),
        ("钢化膜", 7_000),
    ]
    assert [(each.method, each.amount_fen) for each in sale.payments] == [
        ("wechat", 500_000),
        ("cash", 86_900),
    ]
    assert sale.net_fen == 586_900


def test_without_payments_it_was_paid_in_cash_and_may_be_by_a_walk_in(shop: Shop) -> None:
    sale = purchases.get(shop, purchases.record(shop, SaleDraft((FILM,))))
    assert sale.purchase.customer_id is None
    assert [(each.method, each.amount_fen) for each in sale.payments] == [("cash", 7_000)]
    assert everything(shop)["devices"] == 0
    assert everything(shop)["followups"] == 0


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (SaleDraft(()), "at least one line"),
        (SaleDraft((replace(FILM, description=" "),)), "what was sold"),
        (SaleDraft((replace(FILM, quantity=0),)), "cannot be right"),
        (SaleDraft((replace(FILM, unit_price_fen=-1),)), "cannot be right"),
        (SaleDraft((replace(FILM, discount_fen=-1),)), "cannot be right"),
        (SaleDraft((replace(FILM, discount_fen=7_801),)), "cannot be right"),
        (SaleDraft((FILM,), (PaymentDraft("cash", 6_999),)), "come to ¥69.99, the sale to ¥70"),
        (
            SaleDraft((FILM,), (PaymentDraft("cash", 8_000), PaymentDraft("wechat", -1_000))),
            "correct one of them",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_saved(shop: Shop, draft: SaleDraft, words: str) -> None:
    before = everything(shop)
    with pytest.raises(SaleWrong, match=words):
        purchases.record(shop, draft)
    assert everything(shop) == before


def test_nothing_is_sold_to_a_card_that_is_gone(shop: Shop, wang: int) -> None:
    li = add_customer(shop, "李芳")
    merge.merge(shop, wang, [li])
    customers.delete(shop, [wang])
    before = everything(shop)
    for who, words in (
        (li, "went into card no."),
        (wang, "was deleted, so nothing was changed"),
        (99, "There is no customer number 99"),
    ):
        with pytest.raises(customers.CustomerMissing, match=words):
            purchases.record(shop, SaleDraft((FILM,), customer_id=who))
    assert everything(shop) == before


def test_receipt_numbers_go_on_within_a_day_and_leave_written_ones_alone(
    shop: Shop, clock: FixedClock
) -> None:
    def number(draft: SaleDraft) -> str:
        return purchases.get(shop, purchases.record(shop, draft)).purchase.number

    sale = SaleDraft((FILM,))
    assert [number(sale), number(sale)] == ["20261121-001", "20261121-002"]
    assert number(replace(sale, number=" A-17 ")) == "A-17"
    assert number(replace(sale, number="20261121-999")) == "20261121-999"
    assert number(replace(sale, number="20261121-X")) == "20261121-X"
    assert number(sale) == "20261121-1000"
    assert number(sale) == "20261121-1001"
    clock.instant = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert number(sale) == "20261122-001", "after midnight in Shanghai"


def test_a_sale_of_another_day_and_clerk_says_so(shop: Shop) -> None:
    clerk = add_staff(shop)
    moment = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    sale = purchases.get(shop, purchases.record(shop, SaleDraft((FILM,), staff_id=clerk, at=moment)))
    assert (sale.purchase.at, sale.purchase.day) == ("2026-11-19T17:30:00Z", "2026-11-20")
    assert sale.purchase.created_at == "2026-11-21T02:00:00Z"
    assert sale.purchase.staff_id == clerk


def test_a_phone_becomes_the_customers_device_with_warranty(shop: Shop, wang: int) -> None:
    made = purchases.record(shop, SaleDraft((PHONE, FILM), customer_id=wang))
    line = purchases.get(shop, made).lines[0]
    (device,) = devices.of_customer(shop, wang)
    assert (device.model, device.imei, device.bought_here) == ("iPhone 17 256G", IMEI, True)
    assert (device.purchase_line_id, device.product_id) == (line.id, line.product_id)
    assert (device.acquired_day, device.warranty_end_day) == ("2026-11-21", "2027-11-21")


@pytest.mark.parametrize(("months", "end"), [(24, "2028-11-21"), (0, None)])
def test_a_product_may_have_its_own_warranty(shop: Shop, wang: int, months: int, end: str | None) -> None:
    products.add(shop, Product(0, PHONE.description, "", warranty_months=months))
    purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    assert devices.of_customer(shop, wang)[0].warranty_end_day == end


def test_a_sale_plans_follow_ups_and_lifts_the_tier_in_one_step(shop: Shop, wang: int) -> None:
    purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    rules = {line.followup.rule for line in followups.listing(shop, "open")}
    assert rules == {"after_sale_care", "after_sale_check"}
    found = tiers.current(shop, wang)
    assert found is not None
    assert found.tier == "potential"
    assert len(history.changes(shop)) == 3, "the shop, the card, the sale"


def test_a_phone_sold_again_leaves_its_last_owner(shop: Shop, wang: int) -> None:
    li = add_customer(shop, "李芳")
    purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    purchases.record(shop, SaleDraft((PHONE,), customer_id=li))
    assert [(each.customer_id, each.status) for each in store_devices.by_number(shop.db, IMEI)] == [
        (li, "in_use"),
        (wang, "gone"),
    ]


def test_an_old_phone_is_a_payment_and_leaves_its_owner(shop: Shop, wang: int) -> None:
    devices.add(shop, wang, "iPhone 15", imei=OLD)
    paid = (PaymentDraft("trade_in", 205_000, "iPhone 15", OLD), PaymentDraft("wechat", 374_900))
    made = purchases.record(shop, SaleDraft((PHONE,), paid, wang))
    assert purchases.get(shop, made).payments[0].note == f"iPhone 15 {OLD}"
    assert store_devices.by_number(shop.db, OLD)[0].status == "traded_in"


@pytest.mark.parametrize("note", ["iPhone 15", " iPhone 15 "])
def test_an_old_phone_without_imei_is_known_by_its_model(shop: Shop, wang: int, note: str) -> None:
    older = devices.add(shop, wang, "iPhone 15", acquired_day="2023-01-01")
    newer = devices.add(shop, wang, "iPhone 15", acquired_day="2024-01-01")
    with_imei = devices.add(shop, wang, "iPhone 15", imei=OLD, acquired_day="2025-01-01")

    def states() -> list[str]:
        found = {each.id: str(each.status) for each in devices.of_customer(shop, wang)}
        return [found[each] for each in (older, newer, with_imei)]

    made = purchases.record(
        shop, SaleDraft((FILM,), (PaymentDraft("trade_in", 7_000, note),), customer_id=wang)
    )
    assert states() == ["in_use", "traded_in", "in_use"]
    purchases.void(shop, made, "录错了")
    assert states() == ["in_use", "in_use", "in_use"]


def test_an_old_phone_of_somebody_else_is_left_alone(shop: Shop, wang: int) -> None:
    devices.add(shop, add_customer(shop, "李芳"), "iPhone 15", imei=OLD)
    paid = (PaymentDraft("trade_in", 579_900, "iPhone 15", OLD),)
    purchases.record(shop, SaleDraft((PHONE,), paid, wang))
    assert store_devices.by_number(shop.db, OLD)[0].status == "in_use"


def test_a_second_sale_of_an_imei_can_be_warned_of(shop: Shop, wang: int) -> None:
    assert purchases.sold_before(shop, IMEI) is None
    made = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    found = purchases.sold_before(shop, "352041 000000 008")
    assert found is not None
    assert found.id == made
    purchases.refund(shop, made, 579_900, "退货")
    assert purchases.sold_before(shop, IMEI) is None, "it came back"
    assert purchases.sold_before(shop, "") is None


def test_a_voided_walk_in_sale_is_no_sale_before(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((PHONE,)))
    assert purchases.sold_before(shop, IMEI) is not None
    purchases.void(shop, made, "录错了")
    assert purchases.sold_before(shop, IMEI) is None


def test_a_refund_of_a_line_takes_its_device_back(shop: Shop, wang: int) -> None:
    made = purchases.record(shop, SaleDraft((PHONE, FILM), customer_id=wang))
    phone = purchases.get(shop, made).lines[0]
    purchases.refund(shop, made, 100_000, "屏幕有划痕", line_id=phone.id)
    assert devices.of_customer(shop, wang)[0].status == "in_use"
    purchases.refund(shop, made, 479_900, "退货", line_id=phone.id, method="wechat")
    sale = purchases.get(shop, made)
    assert devices.of_customer(shop, wang)[0].status == "returned"
    assert (sale.refunded_fen, sale.net_fen) == (579_900, 7_000)
    assert (sale.refundable_fen(), sale.refundable_fen(phone.id)) == (7_000, 0)
    assert sale.refunds[1].method == "wechat"


def test_a_refund_is_judged_for_the_tier(shop: Shop, wang: int) -> None:
    made = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    purchases.refund(shop, made, 579_900, "退货")
    found = tiers.current(shop, wang)
    assert found is not None
    assert found.net_fen == 0


@pytest.mark.parametrize("amount", [0, -1, 7_001])
def test_no_more_is_refunded_than_was_paid(shop: Shop, amount: int) -> None:
    made = purchases.record(shop, SaleDraft((FILM,)))
    with pytest.raises(RefundWrong, match=r"Between ¥0\.01 and ¥70"):
        purchases.refund(shop, made, amount, "退货")
    assert purchases.get(shop, made).refunds == ()


def test_what_was_given_back_is_not_given_back_again(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((FILM,)))
    purchases.refund(shop, made, 7_000, "退货")
    with pytest.raises(RefundWrong, match="given back already"):
        purchases.refund(shop, made, 1, "退货")


def test_nobody_asks_how_a_returned_phone_goes(shop: Shop, wang: int) -> None:
    made = purchases.record(shop, SaleDraft((PHONE, FILM), customer_id=wang))
    phone, film = purchases.get(shop, made).lines
    purchases.refund(shop, made, film.amount_fen, "起泡", line_id=film.id)
    assert len(followups.listing(shop, "open")) == 2
    purchases.refund(shop, made, phone.amount_fen, "退货", line_id=phone.id)
    assert followups.listing(shop, "open") == []


def test_no_more_of_a_line_is_refunded_than_it_cost(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((PHONE, FILM)))
    film = purchases.get(shop, made).lines[1]
    purchases.refund(shop, made, 5_000, "起泡", line_id=film.id)
    with pytest.raises(RefundWrong, match="and ¥20 can"):
        purchases.refund(shop, made, 2_001, "起泡", line_id=film.id)
    with pytest.raises(RefundWrong, match="does not belong"):
        purchases.refund(shop, made, 1, "起泡", line_id=99)


def test_a_refund_and_a_void_need_a_reason(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((FILM,)))
    with pytest.raises(ReasonMissing):
        purchases.refund(shop, made, 100, "  ")
    with pytest.raises(ReasonMissing):
        purchases.void(shop, made, "")


def test_a_void_gives_everything_back(shop: Shop, wang: int) -> None:
    devices.add(shop, wang, "iPhone 15", imei=OLD)
    paid = (PaymentDraft("trade_in", 205_000, "iPhone 15", OLD), PaymentDraft("wechat", 374_900))
    made = purchases.record(shop, SaleDraft((PHONE,), paid, wang))
    purchases.void(shop, made, "录错了")
    sale = purchases.get(shop, made)
    assert (sale.purchase.void_day, sale.purchase.void_reason) == ("2026-11-21", "录错了")
    assert (sale.net_fen, sale.refundable_fen()) == (0, 0)
    assert store_devices.by_number(shop.db, IMEI)[0].status == "returned"
    assert store_devices.by_number(shop.db, OLD)[0].status == "in_use"
    assert followups.listing(shop, "open") == []


def test_a_sale_is_voided_once_and_never_refunded_then(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((FILM,)))
    purchases.void(shop, made, "录错了")
    with pytest.raises(SaleWrong, match="voided already"):
        purchases.void(shop, made, "录错了")
    with pytest.raises(RefundWrong, match="is voided"):
        purchases.refund(shop, made, 100, "退货")


def test_a_refunded_sale_is_not_voided(shop: Shop) -> None:
    made = purchases.record(shop, SaleDraft((FILM,)))
    purchases.refund(shop, made, 100, "起泡")
    with pytest.raises(SaleWrong, match="Refund the rest"):
        purchases.void(shop, made, "录错了")


def test_a_sale_that_is_not_there_is_said_so(shop: Shop) -> None:
    for call in (lambda: purchases.void(shop, 7, "x"), lambda: purchases.refund(shop, 7, 1, "x")):
        with pytest.raises(PurchaseUnknown, match="number 7"):
            call()


def test_each_action_is_undone_and_redone(shop: Shop, wang: int) -> None:
    stages = [everything(shop)]
    made = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    stages.append(everything(shop))
    purchases.refund(shop, made, 100, "划痕")
    stages.append(everything(shop))
    for _again in range(2):
        for before in (stages[1], stages[0]):
            history.undo(shop)
            assert everything(shop) == before
        for after in (stages[1], stages[2]):
            history.redo(shop)
            assert everything(shop) == after
    history.undo(shop)
    purchases.void(shop, made, "录错了")
    history.undo(shop)
    assert purchases.get(shop, made).purchase.void_day is None
    assert store_devices.by_number(shop.db, IMEI)[0].status == "in_use"
    history.redo(shop)
    assert purchases.get(shop, made).purchase.void_day == "2026-11-21"


def test_sales_are_listed_the_newest_first(shop: Shop, wang: int) -> None:
    early = datetime(2026, 11, 20, 2, tzinfo=UTC)
    first = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    second = purchases.record(shop, SaleDraft((FILM,), at=early))
    third = purchases.record(shop, SaleDraft((FILM,), customer_id=wang))
    assert [sale.purchase.id for sale in purchases.latest(shop)] == [third, first, second]
    assert [sale.purchase.id for sale in purchases.latest(shop, 1)] == [third]
    assert [sale.purchase.id for sale in purchases.of_customer(shop, wang)] == [third, first]
    assert [len(sale.lines) for sale in purchases.of_customer(shop, wang)] == [1, 1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20261121-001", True),
        (" 20261121-001 ", True),
        ("352041-00-000000-8", True),
        ("", False),
        ("1", False),
    ],
)
def test_a_sale_is_found_by_its_number_or_imei(shop: Shop, text: str, found: bool) -> None:
    made = purchases.record(shop, SaleDraft((PHONE,)))
    purchases.record(shop, SaleDraft((FILM,)))
    assert [sale.purchase.id for sale in purchases.find(shop, text)] == ([made] if found else [])
