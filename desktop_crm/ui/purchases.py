"""Sales that were made: the latest ones of the shop, and one of them with all that hangs on it.

A sale is refunded and voided from here; the forms for that are in refund.py, selling is sale.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from desktop_crm import after_sales, customers, purchases, staff
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money
from desktop_crm.purchases import Sale
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.purchases import PurchaseLine
from desktop_crm.shop import Shop
from desktop_crm.timeline import sale_text
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.forms import TextField, leave_dialogs
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S12, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.refund import RefundForm, VoidForm

_MOST_LINES = 8


@dataclass(frozen=True)
class Shown:
    """A sale with the names of its customer ('' nobody known) and clerk, its time of day, the shop's after-sales terms."""

    sale: Sale
    customer: str
    clerk: str
    time: str
    terms: tuple[AfterSalesTerm, ...] = ()


class PurchaseDialog(QDialog):
    """One sale: its items, how it was paid, what was given back."""

    def __init__(self, desk: Desk, purchase_id: int) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Sale"))
        self._desk, self._id = desk, purchase_id
        self.sale: Sale | None = None
        self._build()
        self.setFixedWidth(min(620, desk.window.width() - 48))
        self.load()

    def _build(self) -> None:
        self.title = Label("", "title")
        self.mark = Chip("")
        self.about = Elided("", "quiet")
        self.lines: RecordTable[PurchaseLine] = RecordTable(_line_columns(), dense=True)
        self.lines.horizontalHeader().setFixedHeight(0)
        self.lines.row_limit(1)
        self.money = vbox(spacing=S4)
        self.rights = Label("", "small", wrap=True)
        self.note = Label("", "quiet", wrap=True)
        self.refund_button = KeyButton(_("Refund"), "Alt+R", on_click=self.refund)
        self.void_button = KeyButton(_("Void"), "Alt+V", kind="danger", on_click=self.void)
        self.card_button = KeyButton(_("Open the card"), "Alt+C", on_click=self._to_card)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        foot = hbox(self.refund_button, self.void_button, STRETCH, self.card_button, close, spacing=S8)
        head = hbox(self.title, self.mark, STRETCH, spacing=S12)
        parts = (head, self.about, self.lines, self.rights, self.money, self.note, foot)
        vbox(*parts, spacing=S12, margins=S20, on=self)

    def load(self) -> None:
        """Read the sale."""
        self._desk.jobs.query(
            lambda shop: _read(shop, [purchases.get(shop, self._id)])[0], self._show, on_error=self._gone
        )

    def refund(self) -> None:
        """Ask what is given back."""
        if self.sale is not None:
            RefundForm(self._desk, self.sale).open_with(self._done)

    def void(self) -> None:
        """Ask why it never was."""
        if self.sale is not None:
            VoidForm(self._desk, self.sale).open_with(self._done)

    def _gone(self, error: CrmError) -> None:
        self.reject()
        self._desk.messages.error(str(error))

    def _show(self, shown: Shown) -> None:
        sale = self.sale = shown.sale
        purchase = sale.purchase
        self.title.setText(show_money(purchase.total_fen))
        words, tone = _state(sale)
        self.mark.show_mark(words, tone)
        self.mark.setVisible(bool(words))
        number = _("No. {number}").format(number=purchase.number) if purchase.number else ""
        parts = (f"{purchase.day} {shown.time}", shown.customer or _("Nobody known"), shown.clerk, number)
        self.about.setText(" · ".join(part for part in parts if part))
        self.lines.set_records(sale.lines)
        self.lines.row_limit(_MOST_LINES)
        rights = _rights(shown, self._desk.shop.today())
        self.rights.setText(rights)
        self.rights.setVisible(bool(rights))
        self._show_money(sale)
        self.note.setText(purchase.note)
        self.note.setVisible(bool(purchase.note))
        self.refund_button.setEnabled(sale.refundable_fen() > 0)
        self.void_button.setEnabled(purchase.void_day is None and not sale.refunds)
        self.card_button.setVisible(purchase.customer_id is not None)
        self.adjustSize()

    def _show_money(self, sale: Sale) -> None:
        clear(self.money)
        for payment in sale.payments:
            words = _("Paid by {way}").format(way=_(purchases.METHODS[payment.method]))
            if payment.method == "account":
                words = _("Left on account")
            self._add_money(words, payment.note, payment.amount_fen)
        for made in sale.refunds:
            self._add_money(_("Given back {day}").format(day=made.day), made.reason, -made.amount_fen)
        if sale.purchase.void_day is not None:
            words = _("Voided {day}").format(day=sale.purchase.void_day)
            self._add_money(words, sale.purchase.void_reason, None)

    def _add_money(self, words: str, note: str, fen: int | None) -> None:
        figure = Label(
            "" if fen is None else show_money(fen), tone="look" if fen is not None and fen < 0 else None
        )
        self.money.addLayout(hbox(Label(words, "quiet"), (Elided(note, "faint"), 1), figure, spacing=S12))

    def _done(self, sentence: str) -> None:
        self._desk.done(sentence)
        self.load()

    def _to_card(self) -> None:
        who = None if self.sale is None else self.sale.purchase.customer_id
        if who is not None and leave_dialogs():
            self._desk.open_customer(who)


class LatestSales(QDialog):
    """The latest sales, also those to nobody known; one is found by its number or a scanned IMEI."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Latest sales"))
        self._desk = desk
        self.text = TextField("", placeholder=_("Receipt number, or scan an IMEI, then Enter"))
        self.table: RecordTable[Shown] = RecordTable(
            _sale_columns(), name="sales", state=desk.state, identity=lambda shown: shown.sale.purchase.id
        )
        self.table.set_empty(EmptyState(_("No such sale"), _("An empty line shows the latest ones.")))
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        foot = hbox(Label(_("Enter opens a sale, to refund or void it."), "quiet"), STRETCH, close)
        vbox(Label(_("Latest sales"), "title"), self.text, (self.table, 1), foot, margins=S20, on=self)
        self.resize(min(760, desk.window.width() - 48), min(620, desk.window.height() - 48))
        self.text.entered.connect(self.load)
        self.table.record_chosen.connect(self._open)
        self.table.setFocus()
        self.load()

    def load(self) -> None:
        """Read the latest sales, or those that were asked for."""
        text = self.text.value()
        self._desk.jobs.query(
            lambda shop: _read(shop, purchases.find(shop, text) if text else purchases.latest(shop)),
            self._show,
            key="sales",
        )

    def _show(self, found: Sequence[Shown]) -> None:
        self.table.set_records(found)
        if found and self.table.selected() is None:
            self.table.select_first()

    def _open(self, shown: Shown) -> None:
        dialog = PurchaseDialog(self._desk, shown.sale.purchase.id)
        dialog.finished.connect(lambda _result: self.load())
        dialog.open()


def _read(shop: Shop, sales: Sequence[Sale]) -> list[Shown]:
    with shop.reading():
        names = {each.id: each.name for each in staff.listing(shop, active_only=False)}
        terms = tuple(after_sales.terms(shop))
        return [
            Shown(
                sale,
                ""
                if sale.purchase.customer_id is None
                else customers.get(shop, sale.purchase.customer_id).name,
                names.get(sale.purchase.staff_id or 0, ""),
                f"{from_instant(sale.purchase.at).astimezone(shop.zone):%H:%M}",
                terms,
            )
            for sale in sales
        ]


def _state(sale: Sale) -> tuple[str, str]:
    """What became of a sale, with its tone; '' for nothing."""
    if sale.purchase.void_day is not None:
        return _("Voided"), "grey"
    if sale.refundable_fen() == 0 and sale.refunds:
        return _("Refunded"), "look"
    if sale.refunds:
        return _("Refunded in part"), "look"
    return "", "grey"


def _rights(shown: Shown, today: date) -> str:
    """What may be asked for today about each line, the phones' and the accessories'; '' for nothing."""
    purchase = shown.sale.purchase
    if purchase.void_day is not None:
        return ""
    told = []
    for line in shown.sale.lines:
        remedies = after_sales.of_line(shown.terms, line, date.fromisoformat(purchase.day), today)
        first = [f"{each.text} ({each.condition})" if each.condition else each.text for each in remedies[:1]]
        told += [_("{item}: {right}").format(item=line.description, right=right) for right in first]
    return "\n".join(dict.fromkeys(told))


def _line_columns() -> list[Column[PurchaseLine]]:
    return [
        Column("item", "", lambda line: line.description, stretch=1, sortable=False),
        Column("imei", "", lambda line: line.imei, tone="faint", width=150, sortable=False),
        Column("price", "", _price, tone="quiet", align="right", width=120, sortable=False),
        Column(
            "amount", "", lambda line: show_money(line.amount_fen), align="right", width=90, sortable=False
        ),
    ]


def _price(line: PurchaseLine) -> str:
    words = "" if line.quantity == 1 and not line.discount_fen else show_money(line.unit_price_fen)
    if line.quantity > 1:
        words = f"{line.quantity} × {words}"
    return f"{words} − {show_money(line.discount_fen)}" if line.discount_fen else words


def _sale_columns() -> list[Column[Shown]]:
    return [
        Column(
            "day", _("Day"), lambda s: s.sale.purchase.day, second=lambda s: s.time, width=110, sortable=False
        ),
        Column(
            "what",
            _("What"),
            lambda s: sale_text(s.sale),
            second=lambda s: " · ".join(part for part in (s.customer or _("Nobody known"), s.clerk) if part),
            marks=_sale_marks,
            stretch=1,
            sortable=False,
        ),
        Column(
            "sum",
            _("Amount"),
            lambda s: show_money(s.sale.purchase.total_fen),
            second=lambda s: s.sale.purchase.number,
            align="right",
            width=130,
            sortable=False,
        ),
    ]


def _sale_marks(shown: Shown) -> list[Mark]:
    words, tone = _state(shown.sale)
    return [Mark(words, tone)] if words else []
