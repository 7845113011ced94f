"""The shop's tags and their groups: make, rename, put into a group, merge, delete; each is one step to take back.

Which tags one card wears is customers.py's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from desktop_crm import views
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import clean_text
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import tags as store

TagLine = store.TagLine


class TagMissing(CrmError):
    """There is no such tag any more."""


class TagNameWrong(CrmError):
    """A tag's name is empty, or could not be told from several tags."""


class TagNameTaken(CrmError):
    """Another tag has this name; `other` is it. The two can be merged."""

    def __init__(self, other: Tag) -> None:
        super().__init__(
            _(
                "There is already a tag {tag}. Nothing was changed; merge the two or give another name."
            ).format(tag=other.name)
        )
        self.other = other


def listing(shop: Shop) -> list[TagLine]:
    """All tags with how many live cards wear each, by group and name; those without a group last."""
    return store.listing(shop.db)


def groups(shop: Shop) -> list[str]:
    """The names of the groups, in order."""
    return sorted({tag.group_name for tag in listing(shop)} - {""})


def get(shop: Shop, tag_id: int) -> Tag:
    """One tag.

    Raises:
        TagMissing
    """
    found = shop.db.get(Tag, tag_id)
    if found is None:
        raise TagMissing(_("This tag is not there any more; nothing was changed."))
    return found


def add(shop: Shop, name: str, group: str = "") -> int:
    """Make a tag that nobody wears yet and return its id.

    Raises:
        TagNameWrong, TagNameTaken: nothing was saved.
    """
    clean = checked_name(name)
    _refuse_taken(shop, clean, 0)
    with shop.change(_("Add the tag {tag}").format(tag=clean), {"tags"}, action="tags.add"):
        return shop.db.insert(Tag(0, clean, clean_text(group)))


def edit(shop: Shop, tag_id: int, *, name: str | None = None, group: str | None = None) -> None:
    """Rename a tag on all cards, or put it into another group ('' for none).

    Raises:
        TagMissing, TagNameWrong: nothing was changed.
        TagNameTaken: another tag has the name; `merge` makes one of them.
    """
    before = get(shop, tag_id)
    after = replace(
        before,
        name=before.name if name is None else checked_name(name),
        group_name=before.group_name if group is None else clean_text(group),
    )
    if after == before:
        return
    if after.name != before.name:
        _refuse_taken(shop, after.name, tag_id)
        label = _("Rename the tag {tag} to {name}").format(tag=before.name, name=after.name)
    else:
        label = _("Put the tag {tag} into the group {group}").format(
            tag=before.name, group=after.group_name or _("Without a group")
        )
    with shop.change(label, {"tags", "customers"}, action="tags.edit"):
        shop.db.update(after)


def rename_group(shop: Shop, group: str, name: str) -> None:
    """Give a group of tags another name; the name of another group joins the two.

    Raises:
        TagNameWrong: the name is empty.
    """
    clean = clean_text(name)
    if not clean:
        raise TagNameWrong(_("A group needs a name. Nothing was saved."))
    found = store.of_group(shop.db, group)
    if clean == group or not found:
        return
    label = _("Rename the group {group} to {name}").format(group=group or _("Without a group"), name=clean)
    with shop.change(label, {"tags"}, action="tags.rename_group"):
        for tag in found:
            shop.db.update(replace(tag, group_name=clean))


def merge(shop: Shop, tag_id: int, into_id: int) -> int:
    """Make one tag of two, on all cards and in all views; returns how many cards wear the first now.

    Raises:
        TagMissing: nothing was changed.
    """
    tag, into = get(shop, tag_id), get(shop, into_id)
    count = store.worn(shop.db, tag_id)
    if tag_id == into_id:
        return count
    label = _("Merge the tag {tag} into {other}").format(tag=tag.name, other=into.name)
    with shop.change(label, {"tags", "customers", "views"}, action="tags.merge"):
        store.give_over(shop.db, tag_id, into_id)
        views.follow_tag_within(shop, tag_id, into_id)
        shop.db.delete(Tag, tag_id)
    return count


def delete(shop: Shop, tag_ids: Sequence[int]) -> int:
    """Delete tags and take them off all cards; returns off how many cards, each tag counted.

    Which views ask for one is `views.asking_for_tag`; those that ask for others as well go without it.

    Raises:
        TagMissing: one of them is not there; nothing was changed.
    """
    found = [get(shop, tag_id) for tag_id in tag_ids]
    if not found:
        return 0
    count = sum(store.worn(shop.db, tag.id) for tag in found)
    label = ngettext("Delete the tag {tag}", "Delete {number} tags", len(found))
    with shop.change(
        label.format(tag=found[0].name, number=len(found)),
        {"tags", "customers", "views"},
        action="tags.delete",
    ):
        for tag in found:
            views.drop_tag_within(shop, tag.id)
            store.take_off(shop.db, tag.id)
            shop.db.delete(Tag, tag.id)
    return count


def checked_name(name: str) -> str:
    """The name as it may be stored.

    Raises:
        TagNameWrong
    """
    clean = clean_text(name)
    if not clean:
        raise TagNameWrong(_("A tag needs a name. Nothing was saved."))
    if re.search(r"[,，、;；]", clean):
        raise TagNameWrong(
            _(
                "“{tag}” holds a comma, which stands between two tags. Nothing was saved; leave it out."
            ).format(tag=clean)
        )
    return clean


def _refuse_taken(shop: Shop, name: str, own_id: int) -> None:
    other = store.named(shop.db, name)
    if other is not None and other.id != own_id:
        raise TagNameTaken(other)
