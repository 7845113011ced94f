"""One change on many cards: shown before, done as one step, undone, redone; who is left out is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import pytest

from desktop_crm import backup, bulk, custom_fields, customers, followups, history, search, staff, tags, who
from desktop_crm.bulk import Consenting, Deleting, Editing, Planning, Silence, Step, Tagging
from desktop_crm.customers import CustomerDraft
from desktop_crm.followup_checks import DayNotPossible, ReasonMissing
from desktop_crm.records.custom_fields import CustomValue
from desktop_crm.records.customers import ChannelConsent, Customer, CustomerTag
from desktop_crm.records.followups import Followup
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter

TODAY = date(2026, 11, 21)


@pytest.fixture
def three(shop: Shop) -> Sequence[int]:
    """Three cards: one tagged and of 西湖区, one plain, one that does not want to be contacted."""
    return [
        customers.add(shop, CustomerDraft(name="王芳", tags=("VIP", "学生"), region="西湖区")),
        customers.add(shop, CustomerDraft(name="李娜")),
        customers.add(shop, CustomerDraft(name="赵云", do_not_contact=True)),
    ]


def content(shop: Shop) -> list[object]:
    """Everything that such a step may write."""
    kinds = (Customer, CustomerTag, ChannelConsent, Followup, CustomValue)
    return [shop.db.records(kind, f"SELECT * FROM {kind.TABLE} ORDER BY id") for kind in kinds]


STEPS: list[tuple[Step, str, int, list[tuple[str, str]]]] = [
    (Tagging(("VIP",)), "Tag 2 customers with VIP", 2, [("", "VIP"), ("", "VIP")]),
    (Tagging((" 新客 ", "VIP")), "Tag 3 customers with 新客, VIP", 3, [("VIP, 学生", "VIP, 学生, 新客")]),
    (Tagging(("VIP", "旧"), on=False), "Take VIP, 旧 off 1 customer", 1, [("VIP, 学生", "学生")]),
    (Editing("region", "西湖区"), "Set District of 2 customers", 2, [("", "西湖区")]),
    (Editing("region", ""), "Set District of 1 customer", 1, [("西湖区", "")]),
    (Editing("kind", "company"), "Set Kind of customer of 3 customers", 3, [("person", "company")]),
    (Editing("owner", "1"), "Set Clerk of 3 customers", 3, [("", "陈星河")]),
    (Editing("own:1", "12.50"), "Set 里程 of 3 customers", 3, [("", "12.5")]),
    (Consenting("", "granted"), "Note the consent of 3 customers (in general)", 3, [("not asked", "granted")]),
    (Consenting("", "refused"), "Note the consent of 3 customers (in general)", 3, [("not asked", "refused")]),
    (Consenting("sms", "refused"), "Note the consent of 3 customers (SMS)", 3, [("not asked", "refused")]),
    (Silence(True), "Contact 2 customers no more", 2, [("", "does not want to be contacted")]),
    (Silence(False), "Let 1 customer be contacted", 1, [("does not want to be contacted", "may be contacted")]),
    (Planning(TODAY, " 新机到店 ", 1), "Plan a contact with 2 customers", 2,
     [("2026-11-30", "2026-11-21 · 新机到店 · 陈星河"), ("", "2026-11-21 · 新机到店 · 陈星河")]),
    (Deleting(), "Delete 3 customers", 3, [("", "in the recycle bin")]),
]  # fmt: skip


@pytest.mark.parametrize(("step", "label", "changes", "rows"), STEPS)
def test_a_step_does_what_it_showed_and_is_undone_and_redone(
    shop: Shop, three: Sequence[int], step: Step, label: str, changes: int, rows: list[tuple[str, str]]
) -> None:
    staff.add(shop, "陈星河")
    custom_fields.add(shop, "里程", "number")
    followups.plan(shop, three[0], TODAY + timedelta(days=9), "x")
    shown = bulk.preview(shop, three, step)
    assert (shown.label, shown.changes, len(shown.rows)) == (label, changes, changes)
    assert [(row.old, row.new) for row in shown.rows][: len(rows)] == rows
    before = content(shop)
    done = bulk.apply(shop, shown.ids, shown.step)
    assert done == shown
    after = content(shop)
    assert after != before
    assert history.changes(shop, 1)[0].label == label
    if not isinstance(step, Deleting):
        again = bulk.preview(shop, three, step)
        assert (again.changes, again.same + again.refused) == (0, 3)
        assert bulk.apply(shop, three, step).changes == 0
        assert content(shop) == after
    history.undo(shop)
    assert content(shop) == before
    history.redo(shop)
    assert content(shop) == after


def test_consent_may_be_taken_back_everywhere(shop: Shop, three: Sequence[int]) -> None:
    channels: tuple[Literal["", "sms"], ...] = ("", "sms")
    for channel in channels:
        bulk.apply(shop, three, Consenting(channel, "granted"))
    given = customers.get(shop, three[0])
    assert (given.consent, given.consent_day) == ("granted", TODAY.isoformat())
    bulk.apply(shop, three, Consenting("sms", "refused"))
    bulk.apply(shop, three, Consenting("sms", ""))
    bulk.apply(shop, three, Consenting("", ""))
    assert shop.db.rows("SELECT * FROM consents") == []
    assert (customers.get(shop, three[0]).consent, customers.get(shop, three[0]).consent_day) == ("", None)


@pytest.mark.parametrize("step", [Silence(True), Consenting("", "refused")])
def test_who_is_not_to_be_contacted_has_nothing_planned(shop: Shop, three: Sequence[int], step: Step) -> None:
    planned = followups.plan(shop, three[1], TODAY, "x")
    bulk.apply(shop, three, step)
    assert followups.due(shop) == []
    history.undo(shop)
    assert [found.id for found in followups.due(shop)] == [planned]


def test_a_clerk_is_taken_away_and_own_values_are_emptied(shop: Shop, three: Sequence[int]) -> None:
    staff.add(shop, "陈星河")
    number = custom_fields.add(shop, "套餐", "text")
    bulk.apply(shop, three, Editing("owner", "1"))
    bulk.apply(shop, three, Editing(f"own:{number}", "5G"))
    assert bulk.preview(shop, three, Editing("owner", "0")).rows[0].new == "nobody"
    bulk.apply(shop, three, Editing("owner", "0"))
    bulk.apply(shop, three, Editing(f"own:{number}", ""))
    assert customers.get(shop, three[0]).owner_staff_id is None
    assert custom_fields.values(shop, three[0]) == {}


def test_a_filter_says_who_is_meant(shop: Shop, three: Sequence[int]) -> None:
    wanted = Filter((Condition("tag", "empty"),))
    shown = bulk.preview(shop, wanted, Tagging(("无标签",)))
    assert shown.ids == tuple(three[1:])
    bulk.apply(shop, wanted, Tagging(("无标签",)))
    assert who.count(shop, wanted) == 0


def test_the_sentence_counts_everybody(shop: Shop, three: Sequence[int]) -> None:
    followups.plan(shop, three[0], TODAY, "新机")
    customers.delete(shop, [gone := customers.add(shop, CustomerDraft(name="走了"))])
    shown = bulk.preview(shop, [*three, gone, gone], Planning(TODAY, "新机"))
    assert shown.sentence() == (
        "1 card changes. 1 stays as it is. 1 asked not to be contacted and is left out. "
        "1 is not there any more and is left out."
    )
    assert bulk.preview(shop, three, Tagging(("x",))).sentence() == "3 cards change."


def test_a_card_deleted_meanwhile_is_left_out_and_said(shop: Shop, three: Sequence[int]) -> None:
    shown = bulk.preview(shop, three, Tagging(("新",)))
    customers.delete(shop, [three[0]])
    done = bulk.apply(shop, shown.ids, shown.step)
    assert (done.changes, done.gone) == (2, 1)
    assert "新" not in customers.tags(shop, three[0])


def test_nobody_left_is_a_clear_sentence(shop: Shop, three: Sequence[int]) -> None:
    customers.delete(shop, three)
    for meant in (three, ()):
        with pytest.raises(bulk.NobodyLeft, match="there any more"):
            bulk.apply(shop, meant, Tagging(("新",)))


def test_deleting_many_makes_a_backup_first(shop: Shop, three: Sequence[int]) -> None:
    bulk.apply(shop, three, Deleting())
    assert [made.why for made in backup.listing(shop)] == ["delete"]
    assert backup.why_words("delete") == "before deleting many cards"
    assert who.count(shop, who.EVERYBODY) == 0


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Tagging((" ",)), bulk.StepWrong), (Tagging(("a,b",)), tags.TagNameWrong),
        (Editing("name", "x"), bulk.StepWrong), (Editing("kind", "cat"), bulk.StepWrong),
        (Editing("owner", "9"), bulk.StepWrong), (Editing("own:9", "x"), custom_fields.FieldMissing),
        (Planning(TODAY, " "), ReasonMissing), (Planning(TODAY - timedelta(days=1), "x"), DayNotPossible),
    ],
)  # fmt: skip
def test_what_is_not_complete_changes_nothing(
    shop: Shop, three: Sequence[int], step: Step, error: type[Exception]
) -> None:
    before = content(shop)
    with pytest.raises(error, match=r"[Nn]othing|no such|not there|told from"):
        bulk.apply(shop, three, step)
    assert content(shop) == before


def test_an_own_value_must_fit_its_field(shop: Shop, three: Sequence[int]) -> None:
    number = custom_fields.add(shop, "里程", "number")
    with pytest.raises(custom_fields.ValueNotUnderstood):
        bulk.preview(shop, three, Editing(f"own:{number}", "many"))


def test_fields_that_can_be_edited_come_with_their_choices(shop: Shop) -> None:
    custom_fields.add(shop, "颜色", "choice", ["红", "蓝"])
    found = bulk.editable(shop)
    assert [field.key for field in found] == [*bulk.FIELDS, "own:1"]
    assert [choice.value for choice in found[-1].choices] == ["红", "蓝"]


def test_many_rows_are_shown_in_part(shop: Shop) -> None:
    made = [customers.add(shop, CustomerDraft(name=f"客{n}")) for n in range(bulk.SHOWN + 5)]
    shown = bulk.preview(shop, made, Tagging(("新",)))
    assert (shown.changes, len(shown.rows)) == (bulk.SHOWN + 5, bulk.SHOWN)


def test_those_tagged_are_found_by_their_tag(shop: Shop, three: Sequence[int]) -> None:
    bulk.apply(shop, three, Tagging(("大客户",)))
    assert {hit.customer_id for hit in search.find(shop, "标签:大客户").hits} == set(three)
    bulk.apply(shop, three[:1], Tagging(("大客户",), on=False))
    assert {hit.customer_id for hit in search.find(shop, "标签:大客户").hits} == set(three[1:])
    assert {hit.customer_id for hit in search.find(shop, "王芳").hits} == {three[0]}
