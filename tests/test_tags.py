"""Tags and their groups: made, renamed, moved, merged, deleted; each done, undone, redone."""

from __future__ import annotations

import pytest

from desktop_crm import customers, history, search, tags
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.tags import TagMissing, TagNameTaken, TagNameWrong


def person(shop: Shop, name: str, *worn: str) -> int:
    return customers.add(shop, CustomerDraft(name=name, tags=worn))


def lines(shop: Shop) -> list[tuple[str, str, int]]:
    return [(tag.group_name, tag.name, tag.count) for tag in tags.listing(shop)]


def tag_id(shop: Shop, name: str) -> int:
    return next(tag.id for tag in tags.listing(shop) if tag.name == name)


def test_tags_stand_in_groups_with_how_many_wear_them(shop: Shop) -> None:
    person(shop, "王芳", "拍照", "游戏")
    gone = person(shop, "李雷", "拍照")
    tags.add(shop, " 学生 ", "身份")
    tags.edit(shop, tag_id(shop, "拍照"), group="兴趣")
    customers.delete(shop, [gone])
    assert lines(shop) == [("兴趣", "拍照", 1), ("身份", "学生", 0), ("", "游戏", 1)]
    assert tags.groups(shop) == ["兴趣", "身份"]


def test_a_tag_is_added_undone_and_redone(shop: Shop) -> None:
    tags.add(shop, "学生")
    assert history.changes(shop)[0].label == "Add the tag 学生"
    history.undo(shop)
    assert lines(shop) == []
    history.redo(shop)
    assert lines(shop) == [("", "学生", 0)]


@pytest.mark.parametrize(("name", "words"), [(" ", "needs a name"), ("拍照，游戏", "holds a comma")])
def test_a_tag_needs_a_name_of_its_own(shop: Shop, name: str, words: str) -> None:
    with pytest.raises(TagNameWrong, match=words):
        tags.add(shop, name)


def test_a_tag_is_renamed_on_all_cards(shop: Shop) -> None:
    who = person(shop, "王芳", "拍照")
    tags.edit(shop, tag_id(shop, "拍照"), name="摄影")
    assert customers.tags(shop, who) == ("摄影",)
    history.undo(shop)
    assert customers.tags(shop, who) == ("拍照",)
    history.redo(shop)
    assert customers.tags(shop, who) == ("摄影",)
    before = len(history.changes(shop))
    tags.edit(shop, tag_id(shop, "摄影"), name="摄影", group="")
    assert len(history.changes(shop)) == before


def test_a_tag_goes_into_another_group_and_out_of_it(shop: Shop) -> None:
    made = tags.add(shop, "拍照", "兴趣")
    tags.edit(shop, made, group="爱好")
    assert history.changes(shop)[0].label == "Put the tag 拍照 into the group 爱好"
    tags.edit(shop, made, group="")
    assert lines(shop) == [("", "拍照", 0)]
    history.undo(shop)
    assert lines(shop) == [("爱好", "拍照", 0)]
    history.redo(shop)
    assert lines(shop) == [("", "拍照", 0)]


def test_a_name_that_is_taken_asks_for_a_merge(shop: Shop) -> None:
    first, second, both = (
        person(shop, "王芳", "拍照"),
        person(shop, "李雷", "摄影"),
        person(shop, "韩梅", "拍照", "摄影"),
    )
    with pytest.raises(TagNameTaken) as refused:
        tags.edit(shop, tag_id(shop, "拍照"), name="摄影")
    assert refused.value.other.name == "摄影"
    with pytest.raises(TagNameTaken):
        tags.add(shop, "摄影")
    assert tags.merge(shop, tag_id(shop, "拍照"), refused.value.other.id) == 2
    assert [customers.tags(shop, who) for who in (first, second, both)] == [("摄影",)] * 3
    assert lines(shop) == [("", "摄影", 3)]
    history.undo(shop)
    assert customers.tags(shop, both) == ("拍照", "摄影")
    assert lines(shop) == [("", "拍照", 2), ("", "摄影", 2)]
    history.redo(shop)
    assert lines(shop) == [("", "摄影", 3)]


def test_a_tag_merged_into_itself_stays(shop: Shop) -> None:
    person(shop, "王芳", "拍照")
    same = tag_id(shop, "拍照")
    assert tags.merge(shop, same, same) == 1
    assert lines(shop) == [("", "拍照", 1)]


def test_tags_are_deleted_from_all_cards_in_one_step(shop: Shop) -> None:
    who = person(shop, "王芳", "拍照", "游戏", "学生")
    person(shop, "李雷", "拍照")
    assert tags.delete(shop, [tag_id(shop, "拍照"), tag_id(shop, "游戏")]) == 3
    assert customers.tags(shop, who) == ("学生",)
    history.undo(shop)
    assert customers.tags(shop, who) == ("学生", "拍照", "游戏")
    history.redo(shop)
    assert lines(shop) == [("", "学生", 1)]
    assert tags.delete(shop, []) == 0
    tags.delete(shop, [tag_id(shop, "学生")])
    assert history.changes(shop)[0].label == "Delete the tag 学生"


def test_a_group_is_renamed_and_joined(shop: Shop) -> None:
    tags.add(shop, "拍照", "兴趣")
    tags.add(shop, "游戏", "爱好")
    tags.rename_group(shop, "兴趣", "爱好")
    assert tags.groups(shop) == ["爱好"]
    history.undo(shop)
    assert tags.groups(shop) == ["兴趣", "爱好"]
    history.redo(shop)
    assert tags.groups(shop) == ["爱好"]
    before = len(history.changes(shop))
    tags.rename_group(shop, "爱好", "爱好 ")
    tags.rename_group(shop, "没有", "别的")
    assert len(history.changes(shop)) == before
    with pytest.raises(TagNameWrong, match="group needs a name"):
        tags.rename_group(shop, "爱好", " ")


def test_a_tag_that_is_gone_is_said(shop: Shop) -> None:
    with pytest.raises(TagMissing, match="not there any more"):
        tags.delete(shop, [9])


def test_the_search_knows_the_new_name(shop: Shop) -> None:
    who = person(shop, "王芳", "拍照")
    tags.edit(shop, tag_id(shop, "拍照"), name="摄影")
    assert [hit.customer_id for hit in search.find(shop, "标签:摄影").hits] == [who]
    tags.delete(shop, [tag_id(shop, "摄影")])
    assert search.find(shop, "标签:摄影").hits == ()
