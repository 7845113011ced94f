"""Deleted cards lie in the bin with all that hangs on them, and come back whole."""

from __future__ import annotations

import pytest

from desktop_crm import card, customers, history, purchases, recycle_bin, search
from desktop_crm.customers import CustomerDraft, CustomerMissing, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop

IMEI = "490154203237518"


@pytest.fixture
def deleted(shop: Shop) -> int:
    """王建国 with a purchase, a device, follow-ups and a complaint; 李娜 deleted the card."""
    wang = customers.add(
        shop, CustomerDraft("王建国", (PhoneDraft("13805718866"),), card_no="A1", tags=("老客户",))
    )
    line = LineDraft("iPhone 17 256G", 599_900, imei=IMEI)
    purchases.record(shop, SaleDraft((line,), customer_id=wang))
    with shop.change("x", {"complaints", "staff"}):
        stamp = shop.stamp()
        shop.db.insert(
            Complaint(0, "屏幕偏黄", stamp, "2026-11-21", stamp, created_at=stamp, customer_id=wang)
        )
        clerk = shop.db.insert(StaffMember(0, "李娜", stamp, "manager"))
    customers.delete(shop.at_counter(clerk), [wang])
    return wang


def test_the_bin_says_what_hangs_on_a_card_and_who_deleted_it(shop: Shop, deleted: int) -> None:
    (found,) = recycle_bin.listing(shop)
    assert (found.id, found.name, found.phone, found.deleted_by) == (deleted, "王建国", "13805718866", "李娜")
    assert found.followups == shop.db.value("SELECT count(*) FROM followups WHERE state = 'open'")
    assert recycle_bin.what_hangs(found).startswith("1 purchase, ¥5,999 · 1 device")
    assert recycle_bin.what_hangs(found).endswith("1 complaint")


def test_a_card_on_which_nothing_hangs(shop: Shop) -> None:
    customers.delete(shop, [customers.add(shop, CustomerDraft("李芳"))])
    (found,) = recycle_bin.listing(shop)
    assert recycle_bin.what_hangs(found) == "nothing"
    assert found.deleted_by == ""


def test_it_comes_back_whole(shop: Shop, deleted: int) -> None:
    assert search.find(shop, "8866").hits == ()
    before = card.gather(shop, deleted)
    assert recycle_bin.restore(shop, [deleted]) == "王建国 is back."
    assert recycle_bin.count(shop) == 0
    assert [hit.customer_id for hit in search.find(shop, "8866").hits] == [deleted]
    after = card.gather(shop, deleted)
    assert (after.purchases, after.devices, after.tags) == (before.purchases, before.devices, before.tags)
    history.undo(shop)
    assert recycle_bin.count(shop) == 1
    history.redo(shop)
    assert recycle_bin.count(shop) == 0


def test_a_deleted_card_blocks_no_new_one(shop: Shop, deleted: int) -> None:
    new = customers.add(
        shop, CustomerDraft("王小明", (PhoneDraft("13805718866"),), card_no="A1"), keep_both=False
    )
    assert "王建国 is back. The card number of 王建国 belongs to 王小明 now" in recycle_bin.restore(
        shop, [deleted]
    )
    assert customers.get(shop, new).card_no == "A1"
    back = customers.get(shop, deleted)
    assert (back.card_no, back.note) == ("", "Card no. before: A1")


def test_two_deleted_cards_with_one_number_come_back_together(shop: Shop, deleted: int) -> None:
    other = customers.add(shop, CustomerDraft("张三", card_no="A1"))
    customers.delete(shop, [other])
    assert recycle_bin.restore(shop, [other, deleted]).startswith(
        "2 cards are back. The card number of 王建国"
    )
    assert customers.get(shop, other).card_no == "A1"


def test_the_bin_is_searched_and_paged(shop: Shop, deleted: int) -> None:
    others = [customers.add(shop, CustomerDraft(f"客户{n}")) for n in range(5)]
    customers.delete(shop, others)
    assert recycle_bin.count(shop) == 6
    assert [each.id for each in recycle_bin.listing(shop, "建国")] == [deleted]
    assert [each.id for each in recycle_bin.listing(shop, " 8866 ")] == [deleted]
    assert recycle_bin.count(shop, "8866") == 1
    pages = [each.id for offset in (0, 4) for each in recycle_bin.listing(shop, "", offset, 4)]
    assert pages == [each.id for each in recycle_bin.listing(shop)]


def test_what_is_not_in_the_bin_stays_as_it_is(shop: Shop) -> None:
    live = customers.add(shop, CustomerDraft("李芳"))
    assert recycle_bin.restore(shop, [live]) == "These cards are not in the recycle bin any more."
    with pytest.raises(CustomerMissing):
        recycle_bin.restore(shop, [99])
