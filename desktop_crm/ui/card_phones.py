"""The numbers of a card, a line each: put right, labelled, made the main one, removed, all in place and by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop_crm import customer_phones, phones
from desktop_crm.base.i18n import _
from desktop_crm.base.masking import is_masked
from desktop_crm.base.values import normal_phone, show_phone, valid_phone
from desktop_crm.phones import PhoneDraft
from desktop_crm.records.customers import Phone
from desktop_crm.shop import Shop
from desktop_crm.ui.card_fields import Said, Save
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.labels import key_words
from desktop_crm.ui.kit.layouts import vbox


class PhoneLine(QWidget):
    """A number to be read: the last four digits in the accent, because they are what people say and type.

    Signals:
        pressed(): somebody clicked it.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[str, str, str] = ("", "", "")
        self.lit = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def show_number(self, number: str, words: str) -> None:
        """Show a number with quiet words behind it."""
        shown = show_phone(number)
        self._parts = (shown[:-4], shown[-4:], f"  {words}" if words else "")
        self.setToolTip(f"{shown} {words}".strip())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        named = theme.tokens()
        if self.lit:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("accent_soft"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        x = 0
        for text, colour, size, bold in zip(
            self._parts, ("quiet", "accent_text", "faint"), (14, 14, 12), (False, True, False), strict=True
        ):
            font = theme.font(size, bold=bold)
            painter.setFont(font)
            painter.setPen(named.colour(colour))
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - x)
            painter.drawText(x, 15, shown)
            x += metrics.horizontalAdvance(text)
        painter.end()


class _NumberField(FieldRow):
    """The line in which a number is typed; it is only there while it is open.

    Signals:
        refused(): what was typed cannot be saved, and the line is open again.
    """

    refused = Signal()

    def fail(self, sentence: str) -> None:
        self.refused.emit()
        super().fail(sentence)


class PhoneRow(QWidget):
    """One number of a card. Enter edits, Delete removes, Ctrl+Up makes it the main one, the menu key offers all.

    Args:
        phone: which; None is the line in which a further number is typed.
        on_save: called with what was typed. on_remove / on_main: called with the number.
    """

    def __init__(
        self,
        phone: Phone | None,
        words: str,
        *,
        on_save: Callable[[PhoneRow, str], object],
        on_remove: Callable[[str], object],
        on_main: Callable[[str], object],
    ) -> None:
        super().__init__()
        self.phone = phone
        self._on_remove, self._on_main = on_remove, on_main
        self.line = PhoneLine()
        self.field = _NumberField(
            "", on_save=partial(on_save, self), placeholder=_("138 0571 8866, and a word like home")
        )
        self.field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.field.hide()
        self.field.closed.connect(self._closed)
        self.field.refused.connect(self._open_again)
        self.line.pressed.connect(self.edit)
        vbox(self.line, self.field, spacing=0, on=self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if phone is not None else Qt.FocusPolicy.NoFocus)
        if phone is not None:
            self.line.show_number(phone.number, words)
            self.field.show_value(phones.said_phone(phone))
            self.setAccessibleName(f"{show_phone(phone.number)} {words}".strip())
        else:
            self.line.hide()

    def edit(self) -> None:
        """Open it."""
        self._open_again()
        self.field.edit()

    def is_editing(self) -> bool:
        """Whether something is being typed."""
        return not self.field.isHidden() and self.field.is_editing()

    def open_menu(self) -> None:
        """Offer what can be done with the number."""
        if self.phone is None:
            return
        number = self.phone.number
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{_('Edit number and label')}\t{key_words('Return')}", self.edit)
        if self.phone.position:
            menu.addAction(
                f"{_('Make it the main number')}\t{key_words('Ctrl+Up')}", partial(self._on_main, number)
            )
        menu.addAction(f"{_('Remove the number')}\t{key_words('Delete')}", partial(self._on_remove, number))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _open_again(self) -> None:
        self.line.hide()
        self.show()
        self.field.show()

    def _closed(self) -> None:
        self.field.hide()
        self.line.setVisible(self.phone is not None)
        self.setVisible(self.phone is not None)
        if self.phone is not None and self.isVisible():
            self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Delete is the row's own while it has the focus, not the page's."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
            and not event.modifiers()
            and not self.is_editing()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.phone is None or self.is_editing():
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit()
        elif key == Qt.Key.Key_Delete and not held:
            self._on_remove(self.phone.number)
        elif key == Qt.Key.Key_Up and held == Qt.KeyboardModifier.ControlModifier:
            if self.phone.position:
                self._on_main(self.phone.number)
        elif key in (Qt.Key.Key_Menu, Qt.Key.Key_Space):
            self.open_menu()
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._light(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._light(False)

    def _light(self, lit: bool) -> None:
        self.line.lit = lit
        self.line.update()


class PhoneList(QWidget):
    """All numbers of a card, the main one first, and a line for one more."""

    def __init__(self, save: Save) -> None:
        super().__init__()
        self._save, self._customer_id = save, 0
        self.rows: list[PhoneRow] = []
        self._column = vbox(spacing=2, on=self)
        self.more = self._row(None, "")
        self.more.hide()
        self._column.addWidget(self.more)

    def show_numbers(self, customer_id: int, numbers: Sequence[Phone]) -> None:
        """Show these; a line that is being typed in stays as it is."""
        if customer_id == self._customer_id and any(row.is_editing() for row in self.rows):
            return
        here = self.window().focusWidget()  # also while a form stands before the window
        again = next((place for place, row in enumerate(self.rows) if row is here), -1)
        self._customer_id = customer_id
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(phone, _words(phone, len(numbers))) for phone in numbers]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
        if again >= 0 and self.rows:
            self.rows[min(again, len(self.rows) - 1)].setFocus()
        if not numbers and not self.more.is_editing():
            self.more.field.show_value("", shown=_("Add a phone number"))
            self.more.field.show()
            self.more.show()
        elif not self.more.is_editing():
            self.more.hide()

    def add(self) -> None:
        """Open a line for a further number."""
        self.more.field.show_value("")
        self.more.edit()

    def _row(self, phone: Phone | None, words: str) -> PhoneRow:
        return PhoneRow(phone, words, on_save=self._typed, on_remove=self._remove, on_main=self._make_main)

    def _typed(self, row: PhoneRow, text: str) -> None:
        who = self._customer_id
        drafts = phones.parse(text)
        draft = drafts[0] if drafts else PhoneDraft("")
        if row.phone is None:
            row.field.show_value("")
            self._save(row.field, _("phone number"), partial(_add, who, draft))
        elif not text:
            self._remove(row.phone.number)
        else:
            old = row.phone.number
            self._save(row.field, _("phone number"), partial(_edit, who, old, draft))

    def _remove(self, number: str) -> None:
        who = self._customer_id
        self._save(None, _("phone number"), lambda shop: customer_phones.remove(shop, who, number))

    def _make_main(self, number: str) -> None:
        who = self._customer_id
        self._save(None, _("main number"), lambda shop: customer_phones.make_primary(shop, who, number))


def _add(who: int, draft: PhoneDraft, shop: Shop) -> Said | None:
    customer_phones.add(shop, who, draft)
    return _doubt(draft)


def _edit(who: int, old: str, draft: PhoneDraft, shop: Shop) -> Said | None:
    customer_phones.edit(shop, who, old, draft)
    return _doubt(draft) if normal_phone(draft.number) != old else None


def _doubt(draft: PhoneDraft) -> Said | None:
    """What is said of a number that was saved as it was typed, but cannot be dialled."""
    number = normal_phone(draft.number)
    if valid_phone(number) or is_masked(draft.number):
        return None
    words = _("{number} was saved, but it does not look like a whole phone number. Ctrl+Z takes it back.")
    return Said(words.format(number=number))


def _words(phone: Phone, count: int) -> str:
    """What stands behind a number: its label, its kind, and which is the main one where there are several."""
    parts = [phone.label, _(customer_phones.KINDS[phone.kind])]
    if count > 1 and phone.position == 0:
        parts.append(_("main"))
    if is_masked(phone.number):
        parts.append(_("hold F9 to see it"))
    return " · ".join(part for part in parts if part)
