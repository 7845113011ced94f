"""Sell (F2): scan or pick, price, Enter. Further items, an old phone in part payment, the way it is paid, the clerk.

What a valid sale is and what it sets off is in purchases.py. The item that is being typed is sale_item.py's, how it is
paid sale_payment.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from desktop_crm import balance, customers, devices, products, purchases, staff
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.products import Catalogue
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.devices import Device
from desktop_crm.records.purchases import PayMethod
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, MoneyField, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S12
from desktop_crm.ui.page import Desk
from desktop_crm.ui.purchases import LatestSales
from desktop_crm.ui.sale_item import ItemEntry, go_to, not_below
from desktop_crm.ui.sale_payment import MONEY_WAYS, OldPhone, Parts, PayWays

_WAY = "sale.way"
_MOST_LINES = 4


@dataclass(frozen=True)
class _Start:
    """What the form needs to know before it can answer."""

    catalogue: Catalogue
    people: Sequence[StaffMember]
    offered: tuple[int, str] | None


@dataclass(frozen=True)
class _Known:
    """What the form says of the customer: phones, and what they owe (below 0: their credit)."""

    devices: tuple[Device, ...] = ()
    due_fen: int = 0


@dataclass(frozen=True)
class Row:
    """One line of the basket; `id` makes it the same one after others were taken away."""

    id: int
    line: LineDraft


def new_sale(desk: Desk, customer_id: int | None) -> None:
    """F2: a sale, with the open customer filled in."""
    SaleForm(desk, customer_id).open_with(desk.done)


def offer_sale(desk: Desk, customer_id: int | None) -> None:
    """F2 beside a selected customer: a sale to whoever comes; one key makes it theirs."""
    SaleForm(desk, None, offered=customer_id).open_with(desk.done)


class SaleForm(FormDialog[str]):
    """A sale; saving gives the sentence about it.

    Args:
        offered: whom one key fills in; not filled in by itself.
    """

    def __init__(self, desk: Desk, customer_id: int | None, *, offered: int | None = None) -> None:
        super().__init__(desk.jobs, desk.window, title=_("Sale"), save_text=_("Sell"), width=720)
        self._desk = desk
        self._offered: tuple[int, str] | None = None
        self.rows: list[Row] = []
        self._next = 1
        self._build_items(customer_id)
        self._build_payment()
        self._connect()
        desk.jobs.query(partial(_start, offered), partial(self.fill, self._show_start), key="sale.start")
        self._ask_devices()
        self._show_basket()
        self.entry.what.editor.setFocus()

    def _build_items(self, customer_id: int | None) -> None:
        self.customer = CustomerField(self._desk.jobs, _("Customer"), customer_id=customer_id)
        self.customer.line.setPlaceholderText(_("Nobody known, or phone digits, name or pinyin"))
        self.who = KeyButton("", "Alt+N", kind="quiet", on_click=self.change_customer)
        self._know(self.customer)
        beside_line = vbox(Label(" ", "small"), self.who, STRETCH, spacing=S4)
        self.body.addLayout(hbox((self.customer, 1), beside_line, spacing=S8))
        self.entry = self.add_widget(ItemEntry(self._desk.jobs, self._has_imei))
        for field in self.entry.fields:
            self._know(field)
        self.basket: RecordTable[Row] = RecordTable(_columns(), dense=True)
        self.basket.horizontalHeader().setFixedHeight(0)
        self.more = KeyButton(_("Another item"), "F2", icon="plus", kind="quiet", on_click=self.put_down)
        self.trade = KeyButton(
            _("Old phone in part payment"), "Alt+T", kind="quiet", on_click=self.open_trade
        )
        self.hint = Label(_("Enter takes an item back, Del removes it."), "tiny")
        self.latest = KeyButton(_("Latest sales"), "Alt+L", kind="quiet", on_click=self._open_latest)
        below = hbox(self.more, self.trade, STRETCH, self.hint, self.latest, spacing=S8)
        self.body.addLayout(vbox(self.basket, below, spacing=S8))

    def _build_payment(self) -> None:
        self.old = OldPhone()
        self.worth = MoneyField(_("Worth"), check=not_below)
        self.add_row(self.old, self.worth)
        self.old.hide()
        self.worth.hide()
        self.parts = self.add_widget(Parts())
        self._know(self.parts.amount)
        self.split = KeyButton(_("Part of it this way"), "Alt+S", kind="quiet", on_click=self.open_part)
        self.ways = self.add_widget(PayWays(self._way_chosen, beside=(self.split,)))
        way = self._desk.state.text(_WAY)
        self.ways.show_way(next((each for each in MONEY_WAYS if each == way), MONEY_WAYS[0]))
        self.clerk = ChoiceField[int | None](_("Sold by"), [(None, _("Nobody"))])
        self._counted_on: int | None = None  # who was at the counter when the clerk was filled in
        self.note = TextField(_("Note"))
        self.add_row(self.clerk, self.note)
        self.total = Label("", "title")
        self.rest = Label("", "quiet")
        self.foot.insertLayout(0, hbox(self.total, self.rest, spacing=S12))

    def _connect(self) -> None:
        self.customer.changed.connect(self._ask_devices)
        self.entry.changed.connect(self._show_total)
        self.worth.changed.connect(self._show_total)
        self.parts.changed.connect(self._show_total)
        self.basket.record_chosen.connect(self.take_back)
        self._desk.jobs.person_came.connect(self._follow_person)
        remove = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.basket)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._remove)

    # ---------------------------------------------------------------- the customer

    def change_customer(self) -> None:
        """Alt+N: to nobody known, or to the one who is offered."""
        offered = self._offered if self.customer.is_empty() else None
        self.customer.set_value(offered[0] if offered is not None else None)
        self.customer.fail("")
        self.customer.changed.emit()

    def _show_who(self) -> None:
        """What Alt+N does now."""
        words = ""
        if not self.customer.is_empty():
            words = _("Nobody known")
        elif self._offered is not None:
            words = _("For {name}").format(name=self._offered[1])
        self.who.setText(words)
        self.who.setAccessibleName(words)
        self.who.setVisible(bool(words))
        self.who.updateGeometry()

    # ---------------------------------------------------------------- the basket

    def put_down(self) -> bool:
        """F2 inside the form: the item is right, now another one; False where it is not."""
        if not self.entry.check():
            return False
        line = self.entry.line()
        if line is not None:
            self.rows.append(Row(self._next, line))
            self._next += 1
            self.entry.clear()
            self._show_basket()
        go_to(self.entry.what)
        return True

    def take_back(self, row: Row) -> None:
        """Type a line of the basket anew."""
        if self.put_down():
            self.rows = [each for each in self.rows if each.id != row.id]
            self.entry.show_line(row.line)
            self._show_basket()
            go_to(self.entry.price)

    def _remove(self) -> None:
        row = self.basket.selected()
        if row is not None:
            self.rows = [each for each in self.rows if each.id != row.id]
            self._show_basket()
            if not self.rows:
                go_to(self.entry.what)

    def _has_imei(self, imei: str) -> bool:
        return any(row.line.imei == imei for row in self.rows)

    def _show_basket(self) -> None:
        self.basket.set_records(self.rows)
        self.basket.row_limit(_MOST_LINES)
        self.basket.setVisible(bool(self.rows))
        self.hint.setVisible(bool(self.rows))
        self.latest.setVisible(not self.rows)
        self._show_total()
        if self.isVisible():
            self._fit()

    # ---------------------------------------------------------------- paying

    def open_trade(self) -> None:
        """Ask for the old phone."""
        self.trade.hide()
        self.old.show()
        self.worth.show()
        self._fit()
        go_to(self.old)
        self._area.ensureWidgetVisible(self.worth)

    def open_part(self) -> None:
        """Alt+S: an amount is paid the way that is chosen now, the rest another way."""
        if self._total() <= 0:  # a part needs a whole
            self.rest.setText(_("First an item and its price."))
            go_to(self.entry.what if self.entry.is_empty() else self.entry.price)
            return
        self.parts.begin(self.ways.chosen)
        self._area.ensureWidgetVisible(self.parts)

    def _way_chosen(self, way: PayMethod) -> None:
        if way != "account":  # nobody owes by habit
            self._desk.state.put(_WAY, way)
        self._show_total()

    def _lines(self) -> tuple[LineDraft, ...]:
        line = self.entry.line()
        return tuple(row.line for row in self.rows) + ((line,) if line is not None else ())

    def _total(self) -> int:
        return sum(line.amount_fen for line in self._lines())

    def _show_total(self) -> None:
        total, old, count = self._total(), self.worth.value() or 0, len(self._lines())
        self.total.setText(show_money(total))
        words = ngettext("{count} item", "{count} items", count).format(count=count) if count > 1 else ""
        paid = [(_("old phone"), old)] if old else []
        paid += [(_(purchases.METHODS[each.method]), each.amount_fen) for each in self.parts.payments()]
        if paid or self.ways.chosen == "account":
            rest = total - sum(fen for _way, fen in paid)
            if rest >= 0:  # parts that are more than the whole are refused by `problem`
                paid.insert(0, (_(purchases.METHODS[self.ways.chosen]), rest))
            words = " + ".join(f"{way} {show_money(fen)}" for way, fen in paid)
        self.rest.setText(words)

    def _payments(self) -> tuple[PaymentDraft, ...]:
        worth = self.worth.value() or 0
        made = [self.old.payment(worth)] if worth else []
        rest = self._total() - worth - self.parts.total_fen()
        sums = {part.method: part.amount_fen for part in self.parts.payments()}
        if rest > 0:
            sums[self.ways.chosen] = sums.get(self.ways.chosen, 0) + rest
        return (*made, *(PaymentDraft(way, fen) for way, fen in sums.items()))

    # ---------------------------------------------------------------- saving

    def save(self) -> None:
        if self.entry.check():
            super().save()

    def problem(self) -> str:
        """A sale needs an item, and an old phone is not worth more than all of them."""
        if not self._lines():
            go_to(self.entry.what)
            return _("What is sold? Scan it or type it.")
        if (self.worth.value() or 0) > self._total():
            go_to(self.worth)
            return _("The old phone is worth more than the whole sale.")
        if (self.worth.value() or 0) + self.parts.total_fen() > self._total():
            go_to(self.parts.amount)
            return _("The parts come to more than the whole sale.")
        if self.customer.value() is None and any(each.method == "account" for each in self._payments()):
            go_to(self.customer)
            return _("Who owes it? Name the customer, or choose another way to pay.")
        return ""

    def job(self) -> Callable[[Shop], str]:
        """Record the sale."""
        lines = self._lines()
        who = None if self.clerk.is_empty() else self.clerk.value()
        draft = SaleDraft(lines, self._payments(), self.customer.value(), who, note=self.note.value())
        sentence = _("Sold: {item}, {money}.").format(
            item=lines[0].description, money=show_money(draft.total_fen)
        )

        def sell(shop: Shop) -> str:
            purchases.record(shop, draft)
            return sentence

        return sell

    # ---------------------------------------------------------------- keys

    def _go_on(self, field: Field[Any]) -> None:  # fields of any value
        """Enter: from the customer to the item, from the IMEI to the price, and from the price it is sold."""
        scanned = self.entry.scanned_price() if field is self.entry.price else ""
        if scanned:
            if self.put_down():
                self.entry.what.set_value(scanned)
                self.entry.what.decide()
        elif field is self.customer:
            go_to(self.entry.what)
        elif field is self.old:
            go_to(self.worth)
        elif field is self.parts.amount:
            self.parts.put_down()
            go_to(self.entry.what if self.entry.is_empty() else self.entry.price)
        elif not self.entry.enter(field):
            self.save()

    def _open_latest(self) -> None:
        LatestSales(self._desk).open()

    # ---------------------------------------------------------------- what comes from the shop

    def _follow_person(self) -> None:
        """Somebody else came to the counter: the sale is theirs, unless another one was chosen."""
        if self.clerk.value() == self._counted_on:
            self._counted_on = self._desk.shop.staff_id
            self.fill(self.clerk.set_value, self._counted_on)

    def _ask_devices(self) -> None:
        who = self.customer.value()
        self._show_who()
        if who is None:
            self._show_known(_Known())
        else:
            self._desk.jobs.query(
                lambda shop: _Known(tuple(devices.of_customer(shop, who)), balance.due_fen(shop, who)),
                partial(self.fill, self._show_known),
                key="sale.devices",
            )

    def _show_known(self, known: _Known) -> None:
        """The phones that may be taken in, and what is still owed."""
        self.old.show_devices(known.devices)
        self.customer.set_hint(balance.words(known.due_fen))

    def _show_start(self, start: _Start) -> None:
        self.entry.what.show_catalogue(start.catalogue)
        self.clerk.set_items([(None, _("Nobody")), *((each.id, each.name) for each in start.people)])
        self._counted_on = self._desk.shop.staff_id
        self.clerk.set_value(self._counted_on)
        self._offered = start.offered
        self._show_who()


def _start(offered: int | None, shop: Shop) -> _Start:
    with shop.reading():
        whom = None if offered is None else (offered, customers.get(shop, offered).name)
        return _Start(products.catalogue(shop), staff.listing(shop), whom)


def _columns() -> list[Column[Row]]:
    return [
        Column("item", "", _item_words, stretch=1, sortable=False),
        Column("price", "", _price_words, tone="quiet", align="right", width=190, sortable=False),
        Column("amount", "", _amount_words, align="right", width=110, sortable=False),
    ]


def _item_words(row: Row) -> str:
    return f"{row.line.description} ·· {row.line.imei[-4:]}" if row.line.imei else row.line.description


def _price_words(row: Row) -> str:
    line = row.line
    words = show_money(line.unit_price_fen)
    if line.quantity > 1:
        words = f"{line.quantity} × {words}"
    return f"{words} − {show_money(line.discount_fen)}" if line.discount_fen else words


def _amount_words(row: Row) -> str:
    return show_money(row.line.amount_fen)
