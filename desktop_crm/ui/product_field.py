"""A form field that says what is sold: an IMEI or barcode is scanned into it, or the model typed and chosen.

What is offered is read once (`products.Catalogue`), so that every key is answered at once.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text, normal_imei, show_money
from desktop_crm.products import Catalogue
from desktop_crm.records.products import Product
from desktop_crm.ui.kit.fields import Field

SHOWN = 8
_IMEI = re.compile(r"\d{14,16}")
_BARCODE = re.compile(r"\d{8}|\d{12,13}")


class ProductField(Field[str]):
    """The words for what is sold.

    Attributes:
        barcode: one that was scanned and is no product's yet; what is named next learns it.

    Signals:
        chosen(Product): one of those offered.
        named(str): words for something new.
        scanned(str): an IMEI.
    """

    chosen = Signal(object)
    named = Signal(str)
    scanned = Signal(str)

    def __init__(self, label: str, *, hint: str = "") -> None:
        self.line = QLineEdit()
        self.catalogue = Catalogue()
        self.barcode = ""
        self._waiting = False
        self._read = False
        self.list = QListWidget()
        self.list.setObjectName("choices")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.hide()
        super().__init__(label, self.line, required=False, check=None, hint=hint)
        self.list.setParent(self)
        self.line.setPlaceholderText(_("Scan an IMEI or a barcode, or type the model"))
        self.line.textEdited.connect(lambda _text: self._typed())
        self.list.itemClicked.connect(self._take)

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Offer this from now on; an Enter that came before it is answered now."""
        self.catalogue = catalogue
        self._read = True
        if self._waiting:
            self._waiting = False
            self.decide()

    def value(self) -> str:
        return clean_text(self.line.text())

    def set_value(self, value: str) -> None:
        self.line.setText(value)
        self.list.hide()

    def is_empty(self) -> bool:
        return not self.value()

    def product(self) -> Product | None:
        """The one offered that the words name, or None."""
        return self.catalogue.named(self.value())

    def decide(self) -> None:
        """Enter: tell the scanned number, the row chosen, or the new words."""
        if not self._read:
            self._waiting = True
            return
        text = self.value()
        row = self.list.currentItem() if self.list.isVisible() else None
        if is_imei(text):
            self.set_value("")
            self._keep_barcode("")
            self.scanned.emit(normal_imei(text))
        elif _BARCODE.fullmatch(text):
            self._barcode(text)
        elif row is not None:
            self._take(row)
        elif text:
            known = self.product()
            self.list.hide()
            self.chosen.emit(known) if known is not None else self.named.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.list.hide()
            if is_imei(self.value()):
                self.decide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._moves(event):
            return True
        return super().eventFilter(watched, event)

    def _enters(self, event: QKeyEvent) -> bool:
        return super()._enters(event) and self.is_empty()

    def _moves(self, event: QKeyEvent) -> bool:
        """Enter decides, arrows walk through the list, Esc closes it; True where the key was used."""
        key = event.key()
        if super()._enters(event) and not self.is_empty():
            self.decide()
            return True
        if key == Qt.Key.Key_Escape and self.list.isVisible():
            self.list.hide()
            return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        if step is None:
            return False
        if not self.list.isVisible():
            self._offer()
        else:
            row = self.list.currentRow() + step
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        return True

    def _typed(self) -> None:
        self.changed.emit()
        if self.is_empty() or _looks_scanned(self.value()):
            self.list.hide()
        else:
            self._offer()

    def _offer(self) -> None:
        """Show what fits below the line; the words themselves come last, as something new."""
        text = self.value()
        self.list.clear()
        for product in self.catalogue.find(text, SHOWN):
            price = "" if product.price_fen is None else show_money(product.price_fen)
            item = QListWidgetItem(f"{product.name}   {price}".rstrip(), self.list)
            item.setData(Qt.ItemDataRole.UserRole, product.id)
        if text and self.product() is None:
            QListWidgetItem(_("New: {name}").format(name=text), self.list)
        if not self.list.count():
            self.list.hide()
            return
        self.list.setCurrentRow(0)
        self._place()
        self.list.show()
        self.list.raise_()

    def _place(self) -> None:
        over = self.window()
        self.list.setParent(over)
        height = self.list.sizeHintForRow(0) * self.list.count() + 10
        at = self.line.mapTo(over, QPoint(0, self.line.height() + 2))
        self.list.setGeometry(at.x(), at.y(), self.line.width(), min(height, over.height() - at.y() - 4))

    def _take(self, item: QListWidgetItem) -> None:
        product_id = item.data(Qt.ItemDataRole.UserRole)
        self.list.hide()
        found = next((each for each in self.catalogue.products if each.id == product_id), None)
        if found is None:
            self.named.emit(self.value())
        else:
            self.chosen.emit(found)

    def _barcode(self, code: str) -> None:
        found = self.catalogue.by_barcode(code)
        self._keep_barcode("" if found is not None else code)
        if found is not None:
            self.chosen.emit(found)
            return
        self.fail(_("No product has the barcode {code} yet: type its name.").format(code=code))
        self.line.selectAll()

    def _keep_barcode(self, code: str) -> None:
        self.barcode = code
        self.set_hint(_("It is known by the barcode {code} from now on.").format(code=code) if code else "")

    def forget(self) -> None:
        """Nothing is sold: no words, no barcode."""
        self.set_value("")
        self._keep_barcode("")


def is_imei(text: str) -> bool:
    """Whether what was scanned or typed is an IMEI by its form."""
    return bool(_IMEI.fullmatch(normal_imei(text)))


def is_scan(text: str) -> bool:
    """Whether this is what a scanner sends, and not a price."""
    plain = clean_text(text)
    return is_imei(plain) or bool(re.fullmatch(r"\d{12,13}", plain))


def _looks_scanned(text: str) -> bool:
    return text.isdigit() and len(text) >= 6
