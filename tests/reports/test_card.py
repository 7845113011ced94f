"""The printed card: all that is known, on one page."""

from __future__ import annotations

import pytest

from desktop_crm import card as cards
from desktop_crm import consents, custom_fields, customers, devices, notes, relations, tags, tiers
from desktop_crm.base import i18n
from desktop_crm.base.document import Table, Tiles, Value
from desktop_crm.customers import CustomerDraft, CustomerMissing, PhoneDraft
from desktop_crm.reports import card, output
from desktop_crm.reports.output import Sheet
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


def tables(sheet: Sheet) -> dict[str, Table]:
    return {block.title: block for block in sheet.document.blocks if isinstance(block, Table)}


def facts(sheet: Sheet) -> dict[str, object]:
    """Every name with its text, of the tables of facts."""
    found: dict[str, object] = {}
    for block in sheet.document.blocks:
        if isinstance(block, Table) and not any(column.title for column in block.columns):
            for row in block.rows:
                for place in range(0, len(row) - 1, 2):
                    name = row[place]
                    if isinstance(name, Value) and name.value:
                        found[str(name.value)] = row[place + 1]
    return found


def figures(sheet: Sheet) -> dict[str, object]:
    (row,) = [block for block in sheet.document.blocks if isinstance(block, Tiles)]
    return {tile.key: tile.value.value for tile in row.tiles}


def test_it_holds_what_the_card_shows(shop: Shop, anna: int) -> None:
    made = card.sheet(shop, anna)
    assert made.document.title == "Anna"
    assert [title for title in tables(made) if title] == [
        "Details",
        "Devices",
        "Open",
        "Last purchases",
        "Notes",
    ]
    assert facts(made) == {
        "Phone": "138 0571 8866",
        "WeChat": "anna8",
        "Birthday": cards.gather(shop, anna).birthday,
        "Looked after by": "李娜",
        "Customer since": "2026-01-01",
        "Why this tier": cards.gather(shop, anna).why,
    }
    assert figures(made)["tier"] == "Potential"
    assert figures(made)["lifetime"] == 499_900
    assert tables(made)["Last purchases"].rows[0][:2] == ("2026-10-02", "iPhone 17 256G (voided)")
    assert [row[1] for row in tables(made)["Open"].rows] == ["Complaint", "Follow-up", "Follow-up"]
    assert tables(made)["Notes"].rows == (("", "likes blue", ""),)
    assert output.page_count(made.pdf) == 1


def test_own_fields_family_consents_tags_and_notes_are_on_it(shop: Shop, anna: int) -> None:
    other = customers.add(shop, CustomerDraft("Bo", (PhoneDraft("13905718866"),), gender="male"))
    custom_fields.put(shop, anna, custom_fields.add(shop, "SMS day", "yes_no"), "yes")
    custom_fields.put(
        shop, anna, custom_fields.add(shop, "Spare"), "call the son when nobody answers, never on Sundays"
    )
    custom_fields.add(shop, "Empty")
    relations.add(shop, anna, other, "spouse")
    consents.set(shop, anna, "sms", "refused")
    customers.edit(
        shop,
        anna,
        consent="granted",
        gender="female",
        kind="company",
        language="en",
        preferences="large screens",
    )
    customers.set_tags(shop, anna, ["camera", "games", "student"])
    for tag in tags.listing(shop):
        if tag.name != "student":
            tags.edit(shop, tag.id, group="Interest")
    notes.add(shop, anna, "promised a film", pinned=True)
    made = card.sheet(shop, anna)
    found = facts(made)
    assert (found["SMS day"], found["Spare"]) == ("Yes", "call the son when nobody answers, never on Sundays")
    assert "Empty" not in found
    assert found["Belongs to"] == "Husband Bo 139 0571 8866"
    assert found["Consent"] == "May be contacted since 2026-11-21 · No SMS (2026-11-21)"
    assert found["Tags"] == "Interest: camera, games · student"
    assert (found["Gender"], found["Language"], found["Likes"]) == (
        "Female",
        "English",
        "large screens",
    )
    assert tables(made)["Notes"].rows[1] == ("2026-11-21", "★ promised a film", "")


def test_own_fields_that_are_all_long_have_their_title_too(shop: Shop, anna: int) -> None:
    custom_fields.put(shop, anna, custom_fields.add(shop, "Spare"), "a long text " * 5)
    assert "Own fields" in tables(card.sheet(shop, anna))


def test_a_refusal_is_said(shop: Shop, anna: int) -> None:
    customers.edit(shop, anna, do_not_contact=True, consent="refused", consent_day=None)
    assert facts(card.sheet(shop, anna))["Consent"] == "Do not contact · Does not want contact"


def test_what_is_owed_is_a_figure(shop: Shop, anna: int) -> None:
    with shop.change("owed", {"balance"}):
        shop.db.execute(
            "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, method, note) "
            "VALUES (?, '2026-11-01T02:00:00Z', '2026-11-01', 5000, 'opening', '', '')",
            (anna,),
        )
    assert figures(card.sheet(shop, anna))["due"] == 5000


def test_a_device_says_colour_and_storage_once(shop: Shop, anna: int) -> None:
    devices.add(shop, anna, "iPhone 16 128G", color="green", storage="128G")
    assert "iPhone 16 128G green" in [row[0] for row in tables(card.sheet(shop, anna))["Devices"].rows]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_very_full_card_is_shortened_to_one_page_and_says_so(shop: Shop, anna: int, language: str) -> None:
    for number in range(14):
        notes.add(shop, anna, f"{number} " + "很长的说明，" * 30)
    with shop.change("Sales", {"purchases"}):
        rows = Rows(shop)
        for day in range(1, 29):
            rows.sale(anna, f"2026-09-{day:02d}", 100)
    made = card.sheet(shop, anna, language)
    assert output.page_count(made.pdf) == 1
    notes_table, sales = list(tables(made).values())[-1], list(tables(made).values())[-2]
    assert str(notes_table.rows[-1][1]).endswith("…")
    assert any(sign.isdigit() for sign in notes_table.note)
    if language == "en":
        assert "earlier ones are not printed" in sales.note


def test_a_card_without_anything_is_short(shop: Shop) -> None:
    with shop.change("Bo", {"customers"}):
        bo = Rows(shop).customer("Bo")
    made = card.sheet(shop, bo)
    assert not {"Devices", "Open", "Last purchases", "Notes"} & set(tables(made))
    assert output.content(made.document, ".xlsx")


def test_a_card_that_never_was_is_refused(shop: Shop) -> None:
    with pytest.raises(CustomerMissing):
        card.sheet(shop, 999)
