"""The shop's tags in Settings, by group: make, rename, merge, move, delete. On one card they are edited in card_who.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop_crm import tags, views
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.tags import TagLine, TagNameTaken
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section


class TagsSection(Section):
    """All tags with their group and how many cards wear each."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._tags: Sequence[TagLine] = ()
        self.table: RecordTable[TagLine] = RecordTable(
            [
                Column(
                    "group",
                    _("Group"),
                    lambda t: t.group_name or _("Without a group"),
                    width=180,
                    tone=lambda t: "quiet" if t.group_name else "faint",
                ),
                Column("name", _("Tag"), lambda t: t.name, bold=True, stretch=1),
                Column(
                    "count",
                    _("Cards"),
                    lambda t: f"{t.count:,}",
                    align="right",
                    width=110,
                    sort=lambda t: t.count,
                    tone=lambda t: "plain" if t.count else "faint",
                ),
            ],
            name="settings.tags",
            state=desk.state,
            dense=True,
        )
        self.table.set_empty(
            EmptyState(
                _("No tags yet"),
                _("A tag is a word that several customers share: photography, Apple, company buyer."),
                icon="tag",
            )
        )
        self.text = TextField("", placeholder=_("Tag or group"))
        self.group_button = KeyButton(_("Rename the group"), "Alt+G", on_click=self.rename_group)
        self.delete_button = KeyButton(_("Delete"), "Alt+D", on_click=self.delete)
        add = KeyButton(_("Add"), "Alt+A", kind="primary", on_click=self.add)
        panel = Panel(
            _("Tags"),
            note=_("Enter changes name and group"),
            actions=[self.group_button, self.delete_button, add],
        )
        panel.add(hbox((self.text, 1)))
        panel.add(self.table, 1)
        vbox(panel, on=self)
        self.text.changed.connect(self._show_chosen)
        self.text.entered.connect(self.table.setFocus)
        self.table.record_chosen.connect(self.change)
        self.setFocusProxy(self.table)

    def load(self) -> None:
        self.desk.jobs.query(tags.listing, self._show, key="settings.tags")

    def add(self) -> None:
        """Ask for a new tag."""
        TagForm(self.desk, None, self._groups(), self.page).open_with(self._done)

    def change(self, tag: TagLine) -> None:
        """Ask for another name or group."""
        TagForm(self.desk, tag, self._groups(), self.page).open_with(self._done)

    def delete(self) -> None:
        """Take the selected tag off all cards; asks where somebody wears it or a view asks for it."""
        tag = self.table.selected()
        if tag is not None:
            self.desk.jobs.query(
                lambda shop: [view.name for view in views.asking_for_tag(shop, tag.id)],
                lambda names: self._delete(tag, names),
                key="settings.tags.views",
            )

    def _delete(self, tag: TagLine, in_views: Sequence[str]) -> None:
        if not self._may_delete(tag, in_views):
            return
        self.desk.jobs.change(
            lambda shop: tags.delete(shop, [tag.id]),
            lambda _count: self._done(_("The tag {tag} was deleted.").format(tag=tag.name)),
            initiator=self.page,
        )

    def rename_group(self) -> None:
        """Ask for another name of the selected tag's group."""
        tag = self.table.selected()
        if tag is not None:
            GroupForm(self.desk, tag.group_name, self._groups(), self.page).open_with(self._done)

    def _may_delete(self, tag: TagLine, in_views: Sequence[str]) -> bool:
        texts = []
        if in_views:
            words = ngettext(
                "The view {views} asks for it: without another tag it names nobody then.",
                "The views {views} ask for it: without another tag they name nobody then.",
                len(in_views),
            )
            texts.append(words.format(views=_(", ").join(in_views)))
        if tag.count:
            words = ngettext(
                "{count} customer wears this tag and loses it. Ctrl+Z brings it back.",
                "{count} customers wear this tag and lose it. Ctrl+Z brings it back.",
                tag.count,
            )
            texts.append(words.format(count=f"{tag.count:,}"))
        title = _("Delete the tag {tag}?").format(tag=tag.name)
        return not texts or self.desk.messages.confirm(title, " ".join(texts), yes=_("Delete"), danger=True)

    def _groups(self) -> list[str]:
        return sorted({tag.group_name for tag in self._tags} - {""})

    def _show(self, found: Sequence[TagLine]) -> None:
        self._tags = found
        self._show_chosen()

    def _show_chosen(self) -> None:
        typed = self.text.value().casefold()
        self.table.set_records(
            [tag for tag in self._tags if typed in tag.name.casefold() or typed in tag.group_name.casefold()]
        )

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class TagForm(FormDialog[str]):
    """One tag; a name that another tag has asks whether the two are to be one. Saving gives the sentence about it."""

    def __init__(self, desk: Desk, tag: TagLine | None, groups: Sequence[str], page: QWidget) -> None:
        title = _("Add a tag") if tag is None else tag.name
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._desk, self._tag = desk, tag
        self._into: Tag | None = None
        self.name = self.add(TextField(_("Tag"), tag.name if tag else "", required=True))
        self.group = self.add(
            ChoiceField(
                _("Group"),
                [(name, name) for name in groups],
                value=tag.group_name if tag else "",
                free=True,
                placeholder=_("Without a group"),
            )
        )

    def job(self) -> Callable[[Shop], str]:
        """Add it, save it, or merge it into the other one."""
        name, group, tag, into = self.name.value(), self.group.value(), self._tag, self._into
        self._into = None
        sentence = _("The tag {tag} was saved.").format(tag=name)

        def save(shop: Shop) -> str:
            if tag is None:
                tags.add(shop, name, group)
            elif into is not None:
                tags.merge(shop, tag.id, into.id)
                return _("{tag} is now {other}.").format(tag=tag.name, other=into.name)
            else:
                tags.edit(shop, tag.id, name=name, group=group)
            return sentence

        return save

    def _not_saved(self, error: CrmError) -> None:
        tag = self._tag
        if tag is None or not isinstance(error, TagNameTaken):
            super()._not_saved(error)
            return
        self._set_saving(False)
        self._say_trouble("")  # asked instead
        words = ngettext(
            "There is a tag {other} already. {count} customer then wears {other} instead of {tag}.",
            "There is a tag {other} already. {count} customers then wear {other} instead of {tag}.",
            tag.count,
        )
        text = words.format(other=error.other.name, tag=tag.name, count=f"{tag.count:,}")
        if self._desk.messages.confirm(_("Make one tag of two?"), text, yes=_("Merge")):
            self._into = error.other
            self.save()
        else:
            self._say_trouble(str(error))


class GroupForm(FormDialog[str]):
    """Another name for a group; saving gives the sentence about it."""

    def __init__(self, desk: Desk, group: str, groups: Sequence[str], page: QWidget) -> None:
        title = (
            _("Rename the group {group}").format(group=group) if group else _("Put these tags into a group")
        )
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._group = group
        self.name = self.add(
            ChoiceField(_("Group"), [(name, name) for name in groups], value=group, free=True, required=True)
        )

    def job(self) -> Callable[[Shop], str]:
        name, group = self.name.value(), self._group

        def save(shop: Shop) -> str:
            tags.rename_group(shop, group, name)
            return _("The group {group} was saved.").format(group=name)

        return save
