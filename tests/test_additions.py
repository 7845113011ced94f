"""What was typed for a new card goes to the one that is there: nothing overwritten, nothing lost, one step."""

from __future__ import annotations

from desktop_crm import additions, customers, history
from desktop_crm.customers import CustomerDraft
from desktop_crm.phones import PhoneDraft
from desktop_crm.shop import Shop


def test_empty_fields_are_filled_numbers_and_tags_added(shop: Shop) -> None:
    who = customers.add(
        shop, CustomerDraft("王建国", (PhoneDraft("13800001111"),), tags=("拍照",), region="西湖区")
    )
    typed = CustomerDraft(
        "王建国",
        (PhoneDraft("13800001111"), PhoneDraft("13900002222", label="公司")),
        tags=("拍照", "游戏"),
        wechat="wjg",
        birthday="10-15",
        birthday_lunar=True,
        note="周末来",
        do_not_contact=True,
    )
    typed = customers.checked(
        CustomerDraft(**{**typed.__dict__, "birthday": "--10-15"})  # as the form reads it
    )
    done = additions.add_to(shop, who, typed)
    card = customers.get(shop, who)
    assert (card.wechat, card.birthday, card.birthday_lunar, card.note, card.do_not_contact) == (
        "wjg",
        "--10-15",
        True,
        "周末来",
        True,
    )
    assert [(each.number, each.label) for each in customers.phones(shop, who)] == [
        ("13800001111", ""),
        ("13900002222", "公司"),
    ]
    assert set(customers.tags(shop, who)) == {"拍照", "游戏"}
    assert done.words == (
        "139 0000 2222",
        "WeChat wjg",
        "Birthday lunar 10-15",
        "do not contact",
        "tag 游戏",
        "note",
    )
    assert done.sentence().startswith("Added to 王建国: 139 0000 2222, WeChat wjg")


def test_what_the_card_knows_otherwise_stays_and_the_typed_word_is_kept(shop: Shop) -> None:
    who = customers.add(shop, CustomerDraft("王建国", wechat="old", note="爱喝茶"))
    done = additions.add_to(shop, who, CustomerDraft("王健国", wechat="new"))
    card = customers.get(shop, who)
    assert (card.name, card.wechat) == ("王建国", "old")
    assert card.note == "爱喝茶\nWeChat new\nalso called 王健国"
    assert done.words == ("in the note: WeChat new; also called 王健国",)


def test_a_card_known_by_its_number_gets_the_name(shop: Shop) -> None:
    who = customers.add(shop, CustomerDraft("", (PhoneDraft("13800001111"),)))
    done = additions.add_to(shop, who, CustomerDraft("王建国", (PhoneDraft("13800001111"),)))
    assert customers.get(shop, who).name == "王建国"
    assert (done.name, done.words) == ("王建国", ("王建国",))


def test_nothing_new_is_no_step(shop: Shop) -> None:
    who = customers.add(shop, CustomerDraft("王建国", (PhoneDraft("13800001111"),)))
    newest = history.changes(shop, 1)[0].id
    done = additions.add_to(shop, who, CustomerDraft("", (PhoneDraft("13800001111"),)))
    assert (done.change_id, done.sentence()) == (0, "The card of 王建国 had all of it already.")
    assert history.changes(shop, 1)[0].id == newest


def test_it_is_one_step_done_undone_and_redone(shop: Shop) -> None:
    who = customers.add(shop, CustomerDraft("王建国"))
    done = additions.add_to(
        shop, who, CustomerDraft("", (PhoneDraft("13900002222"),), wechat="wjg", tags=("a",))
    )
    assert history.changes(shop, 1)[0].id == done.change_id
    history.undo(shop)
    assert (customers.phones(shop, who), customers.tags(shop, who), customers.get(shop, who).wechat) == (
        (),
        (),
        "",
    )
    history.redo(shop)
    assert [phone.number for phone in customers.phones(shop, who)] == ["13900002222"]
    assert (customers.tags(shop, who), customers.get(shop, who).wechat) == (("a",), "wjg")
