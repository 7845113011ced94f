"""What a customer owes, as a flag on the card, and its account: the ledger, a payment, a correction.

What may be paid is balance.py's business; a sale on account is made in the sale form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from desktop_crm import balance, customers, purchases
from desktop_crm.balance import LedgerLine
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money
from desktop_crm.records.purchases import PayMethod
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, MoneyField, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sale_payment import MONEY_WAYS, PayWays

_MOST_LINES = 6
KEY = "Alt+B"


class BalanceFlag(KeyButton):
    """A button that says what is owed and opens the account; hidden where nothing is owed either way.

    Args:
        on_open: opens the account.
    """

    def __init__(self, on_open: Callable[[], object]) -> None:
        super().__init__("", KEY, kind="danger", on_click=on_open)
        self.hide()

    def show_due(self, due_fen: int) -> None:
        """Say this balance."""
        words = balance.words(due_fen)
        self.setText(words)
        self.setAccessibleName(words)
        self.set_kind("danger" if due_fen > 0 else "plain")
        self.setVisible(bool(words))
        self.updateGeometry()


def pay_balance(
    desk: Desk,
    customer_id: int,
    on_done: Callable[[], object] | None = None,
    *,
    initiator: object | None = None,
) -> None:
    """Open a customer's account: what is typed there is paid."""

    def done(sentence: str) -> None:
        desk.done(sentence)
        if on_done is not None:
            on_done()

    AccountForm(desk, customer_id, initiator=initiator).open_with(done)


@dataclass(frozen=True)
class _Account:
    name: str
    due_fen: int
    ledger: list[LedgerLine]


class AccountForm(FormDialog[str]):
    """The account of one customer; saving takes the payment (or pays a credit out) and gives the sentence about it."""

    def __init__(self, desk: Desk, customer_id: int, *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Account"),
            save_text=_("Take payment"),
            width=620,
            initiator=initiator,
        )
        self._desk, self._customer_id = desk, customer_id
        self._due = 0
        self.state = self.add_widget(Label("", "figure"))
        self.ledger: RecordTable[LedgerLine] = RecordTable(
            _columns(), dense=True, identity=lambda line: line.entry.id
        )
        self.ledger.set_empty(EmptyState(_("Nothing was ever owed"), ""))
        self.add_widget(self.ledger)
        self.amount = MoneyField(_("Amount"), required=True)
        self.note = TextField(_("Note"))
        self.add_row(self.amount, self.note, stretches=(1, 2))
        self.ways = self.add_widget(PayWays(lambda _way: None, ways=MONEY_WAYS))
        self.change = KeyButton(_("Correct"), "Alt+K", kind="quiet", on_click=self._correct)
        self.foot.insertWidget(0, self.change)
        self.load()

    def load(self) -> None:
        """Read the account."""
        who = self._customer_id
        self._desk.jobs.query(partial(_read, who), partial(self.fill, self._show), key="account")

    def job(self) -> Callable[[Shop], str]:
        """Take the payment, or pay the credit out."""
        who, fen, way, note = self._customer_id, self.amount.value() or 0, self.ways.chosen, self.note.value()
        act = balance.pay_out if self._due < 0 else balance.pay

        def settle(shop: Shop) -> str:
            act(shop, who, fen, way, note)
            rest = balance.words(balance.due_fen(shop, who)) or _("Nothing is owed any more")
            return _("{money} booked. {rest}.").format(money=show_money(fen), rest=rest)

        return settle

    def _go_on(self, field: Field[Any]) -> None:  # fields of any value
        """Enter after the amount: it is paid."""
        self.save()

    def _show(self, account: _Account) -> None:
        self._due = account.due_fen
        self.state.setText(
            _("{name}: {state}").format(
                name=account.name, state=balance.words(account.due_fen) or _("nothing owed")
            )
        )
        self.state.set_tone("bad" if account.due_fen > 0 else "plain")
        self.ledger.set_records(account.ledger)
        self.ledger.row_limit(_MOST_LINES)
        owed = bool(account.due_fen)
        self.amount.set_value(abs(account.due_fen) or None)
        for part in (self.amount, self.note, self.ways):
            part.setVisible(owed)
        self.save_button.setVisible(owed)
        self.save_button.setText(_("Pay out") if account.due_fen < 0 else _("Take payment"))
        self.amount.editor.setFocus() if owed else self.ledger.setFocus()
        self.amount.line.selectAll()
        if self.isVisible():
            self._fit()

    def _correct(self) -> None:
        CorrectionForm(self._desk, self._customer_id, initiator=self._initiator).open_with(self._corrected)

    def _corrected(self, sentence: str) -> None:
        self._desk.done(sentence)
        self.load()


class CorrectionForm(FormDialog[str]):
    """A correction of an account, or what was owed before the program was there; gives the sentence about it."""

    def __init__(self, desk: Desk, customer_id: int, *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Correct an account"),
            note=_("An amount above zero is owed more, one below zero (-50) is owed less."),
            initiator=initiator,
        )
        self._customer_id = customer_id
        self.amount = self.add(MoneyField(_("Amount"), required=True))
        self.why = self.add(
            ChoiceField[str](
                _("Why"),
                [(text, text) for text in (_("Owed from before"), _("Rounded off"), _("Typed wrongly"))],
                free=True,
                required=True,
            )
        )

    def job(self) -> Callable[[Shop], str]:
        """Book it."""
        who, fen, why = self._customer_id, self.amount.value() or 0, self.why.value()
        from_before = why == _("Owed from before")

        def book(shop: Shop) -> str:
            balance.correct(shop, who, fen, why, kind="opening" if from_before else "correction")
            return _("The account was corrected by {money}.").format(money=show_money(fen, signed=True))

        return book


def _read(customer_id: int, shop: Shop) -> _Account:
    with shop.reading():
        return _Account(
            customers.get(shop, customer_id).name,
            balance.due_fen(shop, customer_id),
            balance.ledger(shop, customer_id),
        )


def _columns() -> list[Column[LedgerLine]]:
    return [
        Column("day", _("Day"), lambda line: line.entry.day, width=110, tone="quiet", sortable=False),
        Column("what", _("What"), _what, stretch=1, sortable=False),
        Column(
            "amount",
            _("Amount"),
            lambda line: show_money(line.entry.amount_fen, signed=True),
            align="right",
            width=110,
            sortable=False,
        ),
        Column(
            "after",
            _("Balance"),
            lambda line: show_money(line.after_fen),
            align="right",
            tone="quiet",
            width=110,
            sortable=False,
        ),
    ]


def _what(line: LedgerLine) -> str:
    entry = line.entry
    way: PayMethod | None = next((way for way in purchases.METHODS if way == entry.method), None)
    parts = (balance.label(entry), _(purchases.METHODS[way]) if way is not None else "", entry.note)
    return " · ".join(part for part in parts if part)
