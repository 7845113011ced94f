"""The item that is being typed in a sale: what it is, IMEI, price, pieces, discount. The sale as a whole is sale.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_crm import devices, products, purchases
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_imei
from desktop_crm.purchase_drafts import LineDraft
from desktop_crm.records.products import Category, Product
from desktop_crm.records.purchases import Purchase
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.forms import ChoiceField, MoneyField, TextField
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.theme import S12
from desktop_crm.ui.product_field import ProductField, is_scan


class ItemEntry(QWidget):
    """The fields of one line of a sale.

    Args:
        has_imei: whether the sale holds this IMEI already.

    Signals:
        changed(): something that the total depends on was typed or chosen.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, has_imei: Callable[[str], bool]) -> None:
        super().__init__()
        self._jobs, self._has_imei = jobs, has_imei
        self._price_before = ""
        kinds = [(key, _(name)) for key, name in products.CATEGORIES.items()]
        self.what = ProductField(_("What is sold"))
        self.kind = ChoiceField[Category](_("New: of which kind"), kinds)
        self.color = TextField(_("Colour"))
        self.storage = TextField(_("Storage"))
        self.imei = TextField(_("IMEI or serial"), placeholder=_("Scan it"))
        self.price = MoneyField(_("Price"), check=not_below)
        self.pieces = TextField(_("Pieces"), "1", check=_pieces_problem)
        self.discount = MoneyField(_("Discount"), placeholder=_("none"), check=not_below)
        self.fields: tuple[Field[Any], ...] = (  # fields of any value
            self.what,
            self.kind,
            self.color,
            self.storage,
            self.imei,
            self.price,
            self.pieces,
            self.discount,
        )
        self.pieces.setMaximumWidth(72)
        self._build()
        self._connect()

    def _build(self) -> None:
        first = hbox((self.what, 6), (self.kind, 2), (self.color, 2), (self.storage, 2), spacing=S12)
        second = hbox((self.imei, 5), (self.price, 3), (self.pieces, 1), (self.discount, 3), spacing=S12)
        above = (self.what, self.kind, self.color, self.storage)
        for field in self.fields:
            (first if field in above else second).setAlignment(field, Qt.AlignmentFlag.AlignTop)
        vbox(first, second, spacing=S12, on=self)
        for field in above[1:]:
            field.hide()

    def _connect(self) -> None:
        self.what.chosen.connect(self._take_product)
        self.what.named.connect(self._take_new)
        self.what.scanned.connect(self._take_imei)
        self.imei.line.editingFinished.connect(self._look_imei_up)
        self.what.changed.connect(self.kind.hide)
        self.what.line.editingFinished.connect(self._look_name_up)
        for field in (self.what, self.price, self.pieces, self.discount):
            field.changed.connect(self.changed)

    # ---------------------------------------------------------------- what it holds

    def is_empty(self) -> bool:
        """Whether no item is being typed."""
        return self.what.is_empty()

    def line(self) -> LineDraft | None:
        """The item as typed so far, or None where there is none or its pieces cannot be read."""
        if self.is_empty() or _pieces_problem(self.pieces.value()):
            return None
        known = self.what.product()
        pieces = int(self.pieces.value() or 1)
        cost = known.cost_fen if known is not None else None
        kind = known.category if known is not None else self._new_kind()
        is_phone = kind == "phone"
        return LineDraft(
            known.name if known is not None else self.what.value(),
            self.price.value() or 0,
            pieces,
            self.discount.value() or 0,
            self.imei.value() if is_phone else "",
            kind,
            None if cost is None else cost * pieces,
            self.color.value() if is_phone else "",
            self.storage.value() if is_phone else "",
            self.what.barcode,
        )

    def show_line(self, line: LineDraft) -> None:
        """Fill in a line that was put down before."""
        self.what.set_value(line.description)
        self.kind.set_value(line.category)
        self.what.barcode = line.barcode
        self.color.set_value(line.color)
        self.storage.set_value(line.storage)
        self.imei.set_value(line.imei)
        self.price.set_value(line.unit_price_fen)
        self.pieces.set_value(str(line.quantity))
        self.discount.set_value(line.discount_fen or None)
        self._show_kind()
        self.changed.emit()

    def clear(self) -> None:
        """Nothing is being typed any more."""
        self.what.forget()
        for field in (self.color, self.storage, self.imei):
            field.set_value("")
        self.price.set_value(None)
        self.discount.set_value(None)
        self.pieces.set_value("1")
        for each in self.fields:
            each.fail("")
        self._show_kind()
        self.changed.emit()

    def check(self) -> bool:
        """Whether it is right so far; otherwise says what is not, and goes there."""
        self.price.set_required(not self.is_empty())
        for field in self.fields:
            sentence = field.problem()
            if sentence:
                field.fail(sentence)
                go_to(field)
                return False
        return True

    # ---------------------------------------------------------------- filling in

    def enter(self, field: Field[Any]) -> bool:  # fields of any value
        """Enter in one of its fields; False where the sale is to be saved."""
        if field is self.imei:
            go_to(self.what if self.is_empty() else self.price)
        elif field in (self.color, self.storage):
            self._go_to_missing("phone")
        elif field is self.kind:
            self._go_to_missing(self._new_kind())
        else:
            return False
        return True

    def scanned_price(self) -> str:
        """The number that was scanned while the price had the keys, the price being put back; "" otherwise."""
        text = self.price.text()
        if not is_scan(text):
            return ""
        self.price.line.setText(self._price_before)
        return text

    def _take_product(self, product: Product) -> None:
        """Fill in what was chosen, and go on to what is still missing."""
        self.what.set_value(product.name)
        self.what.fail("")
        if product.price_fen is not None:
            self.price.set_value(product.price_fen)
        self._learn_look(product.name)
        self._show_kind()
        self.changed.emit()
        self._go_to_missing(product.category)

    def _look_name_up(self) -> None:
        """The words were left with Tab or the mouse: a name of the list brings its price, as choosing it does."""
        product = self.what.product()
        if product is not None and self.price.is_empty():
            self.price.set_value(product.price_fen)
            self._learn_look(product.name)
            self.changed.emit()
        self._show_kind()

    def _take_new(self, name: str) -> None:
        self.what.set_value(name)
        self.kind.set_value(products.category_of(name, self.imei.value()))
        self._learn_look(name)
        self._show_kind()
        self.changed.emit()
        self._go_to_missing(self.kind.value())

    def _take_imei(self, imei: str) -> None:
        """A phone was scanned: its first eight digits name the model, if a sale has taught them."""
        if self._has_imei(imei):
            self.what.fail(_("This phone is in the sale already."))
            return
        self.imei.set_value(imei)
        self._look_imei_up()
        product = self.what.catalogue.by_imei(imei)
        if product is not None:
            self._take_product(product)
        else:
            self.what.fail(_("A new model: type its name; from then on it is known by its IMEI."))
            self.changed.emit()

    def _learn_look(self, name: str) -> None:
        """Colour and storage, where the words of the model tell them."""
        self.color.set_value(products.color_of(name))
        self.storage.set_value(products.storage_of(name))

    def _go_to_missing(self, kind: Category) -> None:
        go_to(self.imei if kind == "phone" and self.imei.is_empty() else self.price)
        self._price_before = self.price.text()

    def _new_kind(self) -> Category:
        return products.category_of(self.what.value()) if self.kind.is_empty() else self.kind.value()

    def _show_kind(self) -> None:
        """The kind is asked only of what is new, the IMEI only of phones."""
        known = self.what.product()
        is_new = known is None and not self.is_empty()
        self.kind.setVisible(is_new)
        if not is_new:
            self.kind.box.setCurrentIndex(-1)
        kind = known.category if known is not None else self._new_kind() if is_new else "phone"
        self.imei.setEnabled(kind in ("phone", "other") or not self.imei.is_empty())
        for field in (self.color, self.storage):
            field.setVisible(kind == "phone" and not self.is_empty())

    def _look_imei_up(self) -> None:
        imei = normal_imei(self.imei.value())
        self.imei.fail(devices.imei_remark(imei))
        if imei:
            self._jobs.query(
                lambda shop: purchases.sold_before(shop, imei), partial(self._warn, imei), key="sale.imei"
            )

    def _warn(self, imei: str, earlier: Purchase | None) -> None:
        if earlier is not None and normal_imei(self.imei.value()) == imei:
            self.imei.fail(_("Sold here on {day} already: please compare.").format(day=earlier.day))


def go_to(field: Field[Any]) -> None:  # a field of any value
    """Give a field the keys, its text selected."""
    field.editor.setFocus()
    line = getattr(field, "line", None)
    if line is not None:
        line.selectAll()


def not_below(fen: int | None) -> str:
    """What is wrong with an amount below zero."""
    return _("This cannot be below zero.") if fen is not None and fen < 0 else ""


def _pieces_problem(text: str) -> str:
    if not text or (text.isdigit() and text.isascii() and 1 <= int(text) <= 9999):
        return ""
    return _("Write how many, e.g. 1.")
