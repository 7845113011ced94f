"""The left of the card: who this is, how to reach them, why this tier, and every field; edited in place.

A panel shows and collects; what is saved is told to the card by `save`. The rows of fields are made in card_rows.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QMenu, QWidget

from desktop_crm import customers
from desktop_crm.base.i18n import _
from desktop_crm.card import Card, InUse
from desktop_crm.records.staff import StaffMember
from desktop_crm.ui.balance import BalanceFlag
from desktop_crm.ui.card_actions import CardActions
from desktop_crm.ui.card_fields import Save
from desktop_crm.ui.card_people import PeopleRow
from desktop_crm.ui.card_phones import PhoneList
from desktop_crm.ui.card_rows import FieldRows
from desktop_crm.ui.kit.buttons import IconButton, KeyButton
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import Avatar, Chip, Label, key_words
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, holder, vbox, wrap_row
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S4, S12
from desktop_crm.ui.marks import TIER_TONES


class WhoPanel(Panel):
    """Name, numbers, chips and fields.

    Args:
        save: see `Save`. jobs: for finding other customers. actions: what keys and menu do.
        grown: called when the panel needs another height.
    """

    def __init__(self, save: Save, jobs: Jobs, actions: CardActions, grown: Callable[[], object]) -> None:
        super().__init__(spacing=S12)
        self._save, self._actions, self._grown = save, actions, grown
        self._customer_id = 0
        self.card: Card | None = None
        self._people: Sequence[StaffMember] = ()
        self._words = InUse()
        self._menu: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (_("Add a phone number"), "Alt+P", self.add_number),
            (_("Edit tags"), "Alt+T", self.edit_tags),
            (_("Link with another card"), "Alt+R", actions.relate),
            (_("Open the card with the same number"), "Alt+S", self.open_sharing),
            (_("The details are right"), "Alt+V", actions.confirm),
            (_("Set the tier by hand"), "Alt+G", actions.set_tier),
            (_("Points"), "Alt+Q", actions.open_points),
            (_("What was brought along"), "Alt+W", actions.open_brought),
            (_("Delete this card"), "Ctrl+Del", actions.delete),
        )
        self._build(jobs)

    def _build(self, jobs: Jobs) -> None:
        self._avatar = Avatar("", "grey")
        self.name = FieldRow("", on_save=self._save_name, role="title")
        self.numbers = PhoneList(self._save)
        self.edit_button = IconButton(
            "pencil", _("Edit all fields"), key="Alt+E", on_click=self._actions.edit_all
        )
        self.more_button = IconButton("ellipsis", _("More"), on_click=self._open_menu)
        self.edit_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.more_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for _text, key, run in self._menu:
            QShortcut(QKeySequence(key), self).activated.connect(run)
        tools = vbox(hbox(self.edit_button, self.more_button, spacing=0), STRETCH, spacing=0)
        words = vbox(hbox((self.name, 1), tools, spacing=0), self.numbers, spacing=2)
        self.add(hbox(vbox(self._avatar, STRETCH, spacing=0), (words, 1), spacing=S12))
        self.balance = BalanceFlag(self._actions.open_account)
        self.add(hbox(self.balance, STRETCH))
        self._chips = wrap_row()
        self.add(self._chips)
        self.tags = FieldRow(
            "", on_save=self._save_tag, placeholder=_("A tag and Enter; −tag takes it away; Esc ends")
        )
        self.tags.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tags.closed.connect(self.tags.hide)
        self.tags.hide()
        self.add(self.tags)
        self.people = PeopleRow(self._actions.open_customer, self._actions.unrelate)
        self.rows = FieldRows(self._save, jobs, self._actions.confirm)
        self.rows.insert(self.people, before=self.rows.referred)
        self.add(self.rows)
        self.fold = KeyButton("", "Alt+A", kind="quiet", on_click=self.toggle_more)
        self.add(hbox(-S12, self.fold, STRETCH, spacing=0))  # its words under the other words

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, key, run in self._menu:
            # Shown only: the same key of a menu and of the panel would do neither.
            menu.addAction(f"{text}\t{key_words(key)}", run)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    # ---------------------------------------------------------------- showing

    def offer(self, people: Sequence[StaffMember]) -> None:
        """Who may be named as the clerk in charge."""
        self._people = people

    def offer_words(self, words: InUse) -> None:
        """What may be chosen from the words in use."""
        self._words = words
        self.rows.offer_words(words.sources, words.regions)

    def show_card(self, card: Card) -> None:
        """Show a customer."""
        if self.card is not None and self.card.customer.id != card.customer.id:
            self.rows.fold(True)
            self.tags.hide()
        self.card = card
        who = card.customer
        self._customer_id = who.id
        tone = TIER_TONES.get(card.tier.tier, "grey") if card.tier else "grey"
        self._avatar.show_name(who.name, tone)
        self.name.show_value(who.name)
        self.numbers.show_numbers(who.id, card.phones)
        self.balance.show_due(card.due_fen)
        self._show_chips(card, tone)
        self.people.show_card(card)
        self.rows.offer(self._people)
        self.rows.show_card(card)
        self._show_fold()
        self._chain()

    def add_number(self) -> None:
        """Open a line for a further number."""
        self.numbers.add()
        self._grown()

    def edit_tags(self) -> None:
        """Open the line in which tags are typed."""
        have = set(self.card.tags) if self.card is not None else set()
        taken = [f"−{tag}" for tag in sorted(have)]
        self.tags.offer([tag for tag in self._words.tags if tag not in have] + taken)
        self.tags.show_value("")
        self.tags.show()
        self.tags.edit()
        self._grown()

    def open_sharing(self) -> None:
        """Open the card of the first who has a number of this one."""
        if self.card is not None and self.card.sharing:
            self._actions.open_customer(self.card.sharing[0].customer.id)

    def toggle_more(self) -> None:
        """Show all fields, or only those that say something."""
        self.rows.fold(not self.rows.is_folded)
        self._show_fold()
        self._chain()
        self._grown()
        if not self.rows.is_folded:
            self.rows.first_of_more().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_fold(self) -> None:
        if not self.rows.is_folded:
            self.fold.setText(_("Fewer fields"))
        elif self.rows.hidden_filled:
            self.fold.setText(_("More fields ({count})").format(count=self.rows.hidden_filled))
        else:
            self.fold.setText(_("More fields"))
        self.fold.updateGeometry()

    def _show_chips(self, card: Card, tone: str) -> None:
        layout = self._chips.layout()
        assert isinstance(layout, QLayout)
        clear(layout)
        for chip in [*_standing(card, tone), *_tag_chips(card)]:
            layout.addWidget(chip)
        self._chips.setVisible(bool(layout.count()))
        self._chips.updateGeometry()

    def _chain(self) -> None:
        """Tab goes down the panel as the eye does."""
        before: QWidget = self.name
        rows: list[QWidget] = [*self.numbers.rows, *self.rows.visible_rows(self.people, self.people.links)]
        for row in [*rows, self.fold]:
            QWidget.setTabOrder(before, row)
            before = row

    # ---------------------------------------------------------------- saving

    def _save_name(self, text: str) -> None:
        who = self._customer_id
        self._save(self.name, _("name"), lambda shop: customers.edit(shop, who, name=text))

    def _save_tag(self, text: str) -> None:
        """Add the tag, or take it away where a minus stands before it; the line stays open for the next."""
        who, now = self._customer_id, list(self.card.tags) if self.card is not None else []
        taken = text[0] in "-−－" if text else False
        names = [
            part.strip() for part in text.lstrip("-−－").replace("，", ",").replace("、", ",").split(",")
        ]
        wanted = [tag for tag in now if tag not in names] if taken else [*now, *names]
        self._save(None, _("tags"), partial(customers.set_tags, customer_id=who, names=wanted))
        self.tags.show_value("")
        self.tags.show()
        self.tags.edit(offering=False)  # the chips above will push it down


def _standing(card: Card, tone: str) -> list[QWidget]:
    """What is most important about a customer: deleted, not to be contacted, tier and activity, kind."""
    chips: list[QWidget] = []
    if card.customer.deleted_at is not None:
        chips.append(Chip(_("Deleted"), "bad", bold=True))
    if card.customer.do_not_contact:
        chips.append(Chip(_("Do not contact"), "bad"))
    if card.tier is not None:
        chips.append(Chip(card.tier_label, tone, bold=True))
        if card.activity in ("active", "dormant"):
            chips.append(Chip(card.activity_label, "good" if card.activity == "active" else "look"))
    return chips


def _tag_chips(card: Card) -> list[QWidget]:
    """Tags, each group behind its name."""
    chips: list[QWidget] = []
    last = ""
    for group, tag in card.tag_groups:
        chip: QWidget = Chip(tag)
        if group and group != last:
            chip = holder(hbox(Label(group, "tiny"), chip, spacing=S4))
        last = group
        chips.append(chip)
    return chips
