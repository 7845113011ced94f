"""What the shop sells: list and form, in Settings. Most of it is learnt from sales; here it is put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from desktop_crm import products
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, show_money
from desktop_crm.products import Catalogue
from desktop_crm.records.products import Category, Product
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, MoneyField, TextField
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section


class ProductsSection(Section):
    """All products, filtered by kind and words."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._products: Sequence[Product] = ()
        self.table: RecordTable[Product] = RecordTable(
            _columns(desk.shop.may("cost")), name="settings.products", state=desk.state, dense=True
        )
        self.table.set_empty(
            EmptyState(
                _("No products yet"),
                _("Each sale teaches what it was and what it cost; a phone's IMEI also teaches its model."),
                icon="smartphone",
            )
        )
        self.text = TextField("", placeholder=_("Model, brand or barcode"))
        self.kinds = Pills(_kinds(), on_choose=lambda _key: self._show_chosen())
        self.add_button = KeyButton(_("Add"), "Alt+A", kind="primary", on_click=self.add)
        self.panel = Panel(_("Products"), note=_("Enter changes one"), actions=[self.add_button])
        self.panel.add(hbox((self.text, 1), self.kinds, STRETCH))
        self.panel.add(self.table, 1)
        vbox(self.panel, on=self)
        self.text.changed.connect(self._show_chosen)
        self.text.entered.connect(self.table.setFocus)
        self.table.record_chosen.connect(self.change)
        self.setFocusProxy(self.table)

    def load(self) -> None:
        self.table.set_columns(_columns(self.desk.shop.may("cost")))
        self.desk.jobs.query(
            lambda shop: products.listing(shop, active_only=False), self._show, key="settings.products"
        )

    def add(self) -> None:
        """Ask for a new product."""
        ProductForm(self.desk, None, self.page).open_with(self._done)

    def change(self, product: Product) -> None:
        """Ask what is to be put right."""
        ProductForm(self.desk, product, self.page).open_with(self._done)

    def _show(self, found: Sequence[Product]) -> None:
        self._products = found
        self._show_chosen()

    def _show_chosen(self) -> None:
        kind = self.kinds.chosen
        of_kind = tuple(
            each
            for each in self._products
            if (not each.active if kind == "gone" else each.active and kind in ("all", each.category))
        )
        self.table.set_records(Catalogue(of_kind).find(self.text.value(), len(of_kind)))

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class ProductForm(FormDialog[str]):
    """One product; saving gives the sentence about it."""

    def __init__(self, desk: Desk, product: Product | None, page: QWidget) -> None:
        title = _("Add a product") if product is None else product.name
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._product, self._sees_cost = product, desk.shop.may("cost")
        now = product or Product(0, "", "")
        kinds = [(key, _(name)) for key, name in products.CATEGORIES.items()]
        self.name = self.add(
            TextField(_("Product"), now.name, required=True, placeholder=_("iPhone 17 256G"))
        )
        self.kind = ChoiceField[Category](_("Kind"), kinds, value=now.category, required=True)
        self.brand = TextField(_("Brand"), now.brand)
        self.price = MoneyField(_("Price"), now.price_fen)
        self.cost = MoneyField(_("Cost"), now.cost_fen, hint=_("for the gross profit"))
        months = "" if now.warranty_months is None else str(now.warranty_months)
        self.barcode = TextField(_("Barcode"), now.barcode, placeholder=_("Scan it"))
        self.warranty = TextField(
            _("Warranty in months"), months, placeholder=_("as set for all"), check=_months_problem
        )
        self.offered = CheckField(
            _("Offered now"), now.active, hint=_("What is no longer offered stays on its sales.")
        )
        self.add_row(self.kind, self.brand)
        if self._sees_cost:
            self.add_row(self.price, self.cost)
        else:
            self.cost.hide()
            self.add(self.price)
        self.add_row(self.barcode, self.warranty)
        if product is not None:
            self.add(self.offered)

    def job(self) -> Callable[[Shop], str]:
        """Add it or save it."""
        months = self.warranty.value()
        wanted = replace(
            self._product or Product(0, "", ""),
            name=self.name.value(),
            category=self.kind.value(),
            brand=self.brand.value() or products.brand_of(self.name.value()),
            price_fen=self.price.value(),
            cost_fen=self.cost.value(),
            barcode=self.barcode.value(),
            warranty_months=int(months) if months else None,
            active=self.offered.value(),
        )
        sentence = _("{name} was saved.").format(name=wanted.name)
        sees_cost = self._sees_cost

        def save(shop: Shop) -> str:
            if not wanted.id:
                products.add(shop, wanted)
            elif sees_cost:
                products.edit(shop, wanted)
            else:  # somebody who sees it may have come to the counter since
                stored = products.get(shop, wanted.id)
                products.edit(shop, replace(wanted, cost_fen=stored.cost_fen if stored else None))
            return sentence

        return save


def _kinds() -> list[tuple[str, str]]:
    named = [(str(key), _(name)) for key, name in products.CATEGORIES.items()]
    return [("all", _("All")), *named, ("gone", _("No longer offered"))]


def _columns(sees_cost: bool) -> list[Column[Product]]:
    columns: list[Column[Product]] = [
        Column("name", _("Product"), lambda p: p.name, bold=True, stretch=1, marks=_marks),
        Column("kind", _("Kind"), lambda p: _(products.CATEGORIES[p.category]), width=120, tone="quiet"),
        Column("brand", _("Brand"), lambda p: p.brand, width=110, tone="quiet"),
        Column("price", _("Price"), lambda p: _money(p.price_fen), align="right", width=110, sort=_price),
        Column("cost", _("Cost"), lambda p: _money(p.cost_fen), align="right", width=110, tone="quiet"),
        Column("barcode", _("Barcode"), lambda p: p.barcode, width=150, tone="faint"),
    ]
    return [column for column in columns if sees_cost or column.key != "cost"]


def _price(product: Product) -> int | None:
    return product.price_fen


def _money(fen: int | None) -> str:
    return MISSING if fen is None else show_money(fen)


def _marks(product: Product) -> list[Mark]:
    return [] if product.active else [Mark(_("no longer offered"), "grey")]


def _months_problem(text: str) -> str:
    if text.isascii() and text.isdigit() and int(text) <= 120:
        return ""
    return _("Write whole months, e.g. 12; 0 for none.")
