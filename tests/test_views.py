"""Named views: kept, changed, ordered, counted, offered once; every change undone and redone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_crm import customers, history, tags, views, who
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter

NOBODY_CALLED = Filter((Condition("last_contact", "empty"),))
NO_PHONE = Filter((Condition("phone", "empty"),))


def names(shop: Shop) -> list[str]:
    """The views in their order."""
    return [view.name for view in views.listing(shop)]


def state(shop: Shop) -> list[tuple[object, ...]]:
    """Everything that is stored of the views."""
    return [(view.id, view.name, view.filter, view.position, view.in_rail) for view in views.listing(shop)]


def test_a_view_keeps_its_filter_and_names_whom_it_names_now(shop: Shop) -> None:
    number = views.add(shop, " 无手机号 ", NO_PHONE)
    view = views.get(shop, number)
    assert (view.name, view.in_rail, views.filter_of(view)) == ("无手机号", True, NO_PHONE)
    customers.add(shop, CustomerDraft(name="王芳"))
    assert [found.count for found in views.counted(shop, views.listing(shop))] == [1]


CHANGES: list[tuple[str, Callable[[Shop, int], object]]] = [
    ("Rename the view A to C", lambda shop, number: views.rename(shop, number, "C")),
    (
        "Change the filter of the view A",
        lambda shop, number: views.change_filter(shop, number, NOBODY_CALLED),
    ),
    ("Take the view A out of the rail", lambda shop, number: views.show_in_rail(shop, number, False)),
    ("Move the view A", lambda shop, number: views.move(shop, number, 1)),
    ("Delete the view A", lambda shop, number: views.delete(shop, number)),
    ("Add the view D", lambda shop, _number: views.add(shop, "D", NO_PHONE)),
]


@pytest.mark.parametrize(("label", "change"), CHANGES)
def test_every_change_is_one_step_that_is_undone_and_redone(
    shop: Shop, label: str, change: Callable[[Shop, int], object]
) -> None:
    number = views.add(shop, "A", NO_PHONE)
    views.add(shop, "B", NO_PHONE)
    before = state(shop)
    change(shop, number)
    after = state(shop)
    assert after != before
    assert history.changes(shop, 1)[0].label == label
    history.undo(shop)
    assert state(shop) == before
    history.redo(shop)
    assert state(shop) == after


@pytest.mark.parametrize(("steps", "order"), [(1, "BAC"), (-1, "ABC"), (9, "BCA"), (0, "ABC")])
def test_a_view_moves_and_stops_at_the_ends(shop: Shop, steps: int, order: str) -> None:
    first, _second, _third = (views.add(shop, name, NO_PHONE) for name in "ABC")
    views.move(shop, first, steps)
    assert "".join(names(shop)) == order


def test_a_view_is_shown_in_the_rail_again(shop: Shop) -> None:
    number = views.add(shop, "A", NO_PHONE, in_rail=False)
    assert views.rail(shop).shown == ()
    assert views.rail(shop).more == 1
    views.show_in_rail(shop, number, True)
    assert [found.view.name for found in views.rail(shop).shown] == ["A"]


def test_the_rail_shows_the_first_six(shop: Shop) -> None:
    for place in range(8):
        views.add(shop, f"view {place}", NO_PHONE, in_rail=place != 1)
    found = views.rail(shop)
    assert [each.view.name for each in found.shown] == [f"view {place}" for place in (0, 2, 3, 4, 5, 6)]
    assert found.more == 2


@pytest.mark.parametrize(
    ("name", "words"), [("  ", "needs a name"), ("x" * 41, "too long"), ("a", "already a view “A”")]
)
def test_a_name_must_be_there_short_and_free(shop: Shop, name: str, words: str) -> None:
    views.add(shop, "A", NO_PHONE)
    other = views.add(shop, "B", NO_PHONE)
    with pytest.raises(views.ViewNameWrong, match=words):
        views.add(shop, name, NO_PHONE)
    with pytest.raises(views.ViewNameWrong, match=words):
        views.rename(shop, other, name)
    assert names(shop) == ["A", "B"]


def test_a_view_may_be_renamed_to_its_own_name(shop: Shop) -> None:
    number = views.add(shop, "vip", NO_PHONE)
    views.rename(shop, number, "VIP")
    assert names(shop) == ["VIP"]


def test_a_filter_that_cannot_be_asked_is_not_kept(shop: Shop) -> None:
    with pytest.raises(who.FieldGone):
        views.add(shop, "A", Filter((Condition("own:9", "empty"),)))
    assert names(shop) == []


def test_a_view_that_is_gone_is_a_clear_sentence(shop: Shop) -> None:
    with pytest.raises(views.ViewMissing, match="not there any more"):
        views.get(shop, 7)
    with pytest.raises(views.ViewMissing, match=r"“A”\. The views of this shop: none yet"):
        views.by_name(shop, "A")
    views.add(shop, "B", NO_PHONE)
    with pytest.raises(views.ViewMissing, match="The views of this shop: B"):
        views.by_name(shop, "A")
    assert views.by_name(shop, " b ").name == "B"


def test_a_broken_view_has_no_count_and_hurts_nobody(shop: Shop) -> None:
    views.add(shop, "A", NO_PHONE)
    with shop.change("broken", {"views"}):
        shop.db.execute("UPDATE views SET filter = '{'")
    assert [found.count for found in views.rail(shop).shown] == [None]


def test_a_view_follows_a_tag_into_another(shop: Shop) -> None:
    someone = customers.add(shop, CustomerDraft(name="王芳", tags=("大客户",)))
    old, new = (tag.id for tag in (tags.get(shop, 1), tags.get(shop, tags.add(shop, "VIP"))))
    asked = Filter((Condition("tag", "any", (str(old), str(new))), Condition("tag", "empty", "", True)))
    number, other = views.add(shop, "A", asked), views.add(shop, "B", NO_PHONE)
    with shop.change("broken", {"views"}):
        shop.db.execute("UPDATE views SET filter = '{' WHERE id = ?", (other,))
    before = state(shop)
    tags.merge(shop, old, new)
    after = state(shop)
    assert views.filter_of(views.get(shop, number)).conditions[0].value == (str(new),)
    assert list(who.ids(shop, views.filter_of(views.get(shop, number)))) == [someone]
    history.undo(shop)
    assert state(shop) == before
    history.redo(shop)
    assert state(shop) == after


def test_a_view_goes_without_a_deleted_tag_where_that_means_the_same(shop: Shop) -> None:
    someone = customers.add(shop, CustomerDraft(name="王芳", tags=("拍照", "游戏")))
    gone, left = (next(line.id for line in tags.listing(shop) if line.name == n) for n in ("拍照", "游戏"))
    both = (str(gone), str(left))
    made = {
        name: views.add(shop, name, Filter((condition,)))
        for name, condition in (
            ("one of", Condition("tag", "any", both)),
            ("all of", Condition("tag", "all", both)),
            ("only", Condition("tag", "any", (str(gone),))),
            ("none", Condition("tag", "any", (str(left),))),
        )
    }
    assert [view.name for view in views.asking_for_tag(shop, gone)] == ["one of", "all of", "only"]
    before = state(shop)
    tags.delete(shop, [gone])
    after = state(shop)
    assert {
        name: (views.filter_of(views.get(shop, view)).conditions[0].value, found.count)
        for (name, view), found in zip(made.items(), views.counted(shop, views.listing(shop)), strict=True)
    } == {
        "one of": ((str(left),), 1),
        "all of": (both, 0),
        "only": ((str(gone),), 0),
        "none": ((str(left),), 1),
    }
    assert list(who.ids(shop, views.filter_of(views.get(shop, made["one of"])))) == [someone]
    history.undo(shop)
    assert state(shop) == before
    history.redo(shop)
    assert state(shop) == after


def test_a_first_set_is_offered_once(shop: Shop) -> None:
    offered = views.proposals(shop)
    assert [each.key for each in offered] == ["quiet", "warranty", "birthday", "risk", "balance", "phone"]
    views.take(shop, offered)
    assert names(shop) == [each.name for each in offered]
    assert views.proposals(shop) == []
    assert all(found.count == 0 for found in views.rail(shop).shown)
    history.undo(shop)
    assert names(shop) == []
    assert len(views.proposals(shop)) == 6
    history.redo(shop)
    assert names(shop) == [each.name for each in offered]


def test_who_wants_no_views_is_not_asked_again(shop: Shop) -> None:
    views.decline(shop)
    assert views.proposals(shop) == []
    history.undo(shop)
    assert len(views.proposals(shop)) == 6


def test_who_has_views_is_offered_none(shop: Shop) -> None:
    views.add(shop, "A", NO_PHONE)
    assert views.proposals(shop) == []
