"""Who belongs to a customer: family and friends as links to their cards, who shares a number, and linking two cards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from desktop_crm import relations
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.records.customers import Customer
from desktop_crm.relations import Side
from desktop_crm.ui.card_fields import label_width
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Label, key_words
from desktop_crm.ui.kit.layouts import clear, hbox, wrap_row
from desktop_crm.ui.kit.theme import S4
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from desktop_crm.shop import Shop


class PersonLink(QAbstractButton):
    """Somebody else in a few words; Enter opens the card, Delete takes the link away.

    Args:
        words: what they are. name: who. mark: something behind it, like "same number".
        on_remove: None where there is nothing to take away.
    """

    def __init__(
        self,
        words: str,
        name: str,
        mark: str,
        *,
        on_open: Callable[[], object],
        on_remove: Callable[[], object] | None,
    ) -> None:
        super().__init__()
        self._parts = ((words, "quiet"), (name, "text"), (mark, "faint"))
        self._on_remove = on_remove
        self.setText(" ".join(part for part in (words, name, mark) if part))
        self.setAccessibleName(self.text())
        keys = _("Enter opens the card.")
        self.setToolTip(keys if on_remove is None else f"{keys} {_('Delete takes the link away.')}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: on_open())

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme.font(14)).horizontalAdvance(self.text()) + 9, 21)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        named = theme.tokens()
        hot = self.underMouse() or self.hasFocus()
        if hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("accent_soft"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setFont(theme.font(14))
        metrics, x = painter.fontMetrics(), 4
        for text, colour in self._parts:
            if not text:
                continue
            painter.setPen(named.colour("accent_text" if hot and colour == "text" else colour))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - x - 4)
            painter.drawText(x, metrics.ascent() + 1, shown)
            x += metrics.horizontalAdvance(f"{text} ")
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Delete is the link's own while it has the focus, not the page's."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            if self._on_remove is not None:
                self._on_remove()
        elif event.key() == Qt.Key.Key_Menu:
            self._open_menu()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # the card moves from field to field
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{_('Open the card')}\t{key_words('Return')}", self.click)
        if self._on_remove is not None:
            menu.addAction(f"{_('Take the link away')}\t{key_words('Delete')}", self._on_remove)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


class PeopleRow(QWidget):
    """A label and everybody who belongs to the customer or shares a number.

    Args:
        on_open: called with a customer's id. on_remove: called with a link's id.
    """

    def __init__(self, on_open: Callable[[int], object], on_remove: Callable[[int], object]) -> None:
        super().__init__()
        self._on_open, self._on_remove = on_open, on_remove
        self._name = Label(_("Family"), "quiet")
        self._name.setMinimumWidth(label_width() - S4)
        self._name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._flow = wrap_row(spacing=2)
        self.links: list[PersonLink] = []
        hbox(self._name, (self._flow, 1), spacing=S4, on=self)

    def show_card(self, card: Card) -> None:
        """Show who belongs to a customer; hidden where nobody does."""
        layout = self._flow.layout()
        assert layout is not None
        here = self.window().focusWidget()  # also while a form stands before the window
        again = next((place for place, link in enumerate(self.links) if link is here), -1)
        clear(layout)
        sharing = {each.customer.id for each in card.sharing}
        self.links = [
            PersonLink(
                each.words,
                each.other.name,
                _("(same number)") if each.other.id in sharing else each.relation.note,
                on_open=partial(self._on_open, each.other.id),
                on_remove=partial(self._on_remove, each.relation.id),
            )
            for each in card.related
        ]
        known = {each.other.id for each in card.related}
        strangers = {each.customer.id: each.customer.name for each in card.sharing}
        self.links += [
            PersonLink(_("Same number as"), name, "", on_open=partial(self._on_open, who), on_remove=None)
            for who, name in strangers.items()
            if who not in known
        ]
        for link in self.links:
            layout.addWidget(link)
        if again >= 0 and self.links:
            self.links[min(again, len(self.links) - 1)].setFocus()
        self.setVisible(bool(self.links))
        self._name.setText(_("Family") if card.related else _("Phone number"))
        self._flow.updateGeometry()


class RelationForm(FormDialog[int]):
    """Alt+R: link this card with another; saving gives the link's id."""

    def __init__(self, desk: Desk, card: Card, *, initiator: object | None = None) -> None:
        name = card.customer.name
        super().__init__(
            desk.jobs, desk.window, title=_("Who belongs to {name}?").format(name=name), initiator=initiator
        )
        self._customer = card.customer
        self.who = self.add(
            CustomerField(desk.jobs, _("The other person"), customer_id=_suggested(card), required=True)
        )
        self.side: ChoiceField[Side] = self.add(
            ChoiceField(_("They are"), _sides(card.customer), value="spouse")
        )
        self.note = self.add(TextField(_("Note"), placeholder=_("only where it helps")))

    def job(self) -> Callable[[Shop], int]:
        """Link them."""
        who, other, side, note = self._customer.id, self.who.value(), self.side.value(), self.note.value()
        assert other is not None, "the field is required"
        return lambda shop: relations.add(shop, other, who, side, note)


def _sides(customer: Customer) -> list[tuple[Side, str]]:
    """What the other may be, in words that say whose."""
    special = {
        "pays_for": _("Pays for {name}"),
        "paid_by": _("{name} pays for them"),
    }
    return [
        (side, special.get(side, _(words)).format(name=customer.name))
        for side, words in relations.KINDS.items()
    ]


def _suggested(card: Card) -> int | None:
    """Who shares a number and is not linked yet, if it is one person."""
    known = {each.other.id for each in card.related}
    others = {each.customer.id for each in card.sharing} - known
    return next(iter(others)) if len(others) == 1 else None
