"""What customers owe the shop: sales on account, what is paid of it later, corrections. The balance is the ledger's sum.

Above 0 the customer owes; below 0 the shop owes them (paid more than was due, or a paid sale was taken back). Sales are
purchases.py's, which writes here inside its own change.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text, show_money
from desktop_crm.records.balance import BalanceEntry, EntryKind
from desktop_crm.records.purchases import PayMethod, Purchase
from desktop_crm.shop import Shop
from desktop_crm.store import balance as store_balance

KINDS = frozenset({"balance", "customers"})

LABELS: Final[dict[EntryKind, str]] = {
    "sale": N_("Sale on account"),
    "payment": N_("Payment"),
    "refund": N_("Taken back"),
    "opening": N_("Brought along"),
    "correction": N_("Correction"),
}
"""What an entry is, in words."""


class BalanceWrong(CrmError):
    """An amount that cannot be paid or corrected, or a correction without a reason."""


@dataclass(frozen=True)
class LedgerLine:
    """One entry and the balance after it, in fen."""

    entry: BalanceEntry
    after_fen: int


@dataclass(frozen=True)
class Debtor:
    """Somebody who owes: how much, and since which day the account runs."""

    customer_id: int
    name: str
    due_fen: int
    since_day: str


def due_fen(shop: Shop, customer_id: int) -> int:
    """What a customer owes; below 0 the shop owes them."""
    return store_balance.due_fen(shop.db, customer_id)


def entries(shop: Shop, customer_id: int) -> list[BalanceEntry]:
    """A customer's ledger, the latest first."""
    return store_balance.entries(shop.db, customer_id)[::-1]


def ledger(shop: Shop, customer_id: int) -> list[LedgerLine]:
    """A customer's ledger with the balance after each entry, the latest first."""
    found = store_balance.entries(shop.db, customer_id)
    sums = accumulate(entry.amount_fen for entry in found)
    return [LedgerLine(entry, after) for entry, after in zip(found, sums, strict=True)][::-1]


def debtors(shop: Shop) -> list[Debtor]:
    """Everybody who owes, the largest debt first."""
    return [Debtor(*row) for row in store_balance.debtors(shop.db)]


def words(fen: int) -> str:
    """A balance in words: "Owes ¥200", "Credit ¥50", '' for nothing."""
    if not fen:
        return ""
    text = _("Owes {money}") if fen > 0 else _("Credit {money}")
    return text.format(money=show_money(abs(fen)))


def label(entry: BalanceEntry) -> str:
    """What an entry is, in words."""
    if entry.kind == "payment" and entry.amount_fen > 0:
        return _("Paid out")
    if entry.kind == "opening" and entry.amount_fen < 0:
        return _("Prepaid balance")
    return _(LABELS[entry.kind])


def pay(shop: Shop, customer_id: int, amount_fen: int, method: PayMethod = "cash", note: str = "") -> int:
    """Take a payment of what is owed and return the entry's id.

    Raises:
        CustomerMissing
        BalanceWrong: nothing is owed, or less than that; nothing was saved.
    """
    customers.live(shop, customer_id)
    label = _("Payment of {money} on account").format(money=show_money(amount_fen))
    with shop.change(label, KINDS, action="balance.pay"):
        due = due_fen(shop, customer_id)  # inside, so that two at once cannot pay the same debt
        _check(amount_fen, due, method)
        return _store(shop, customer_id, -amount_fen, "payment", method=method, note=note)


def pay_out(shop: Shop, customer_id: int, amount_fen: int, method: PayMethod = "cash", note: str = "") -> int:
    """Give a customer (part of) their credit and return the entry's id.

    Raises:
        CustomerMissing
        BalanceWrong: they have no credit, or less than that; nothing was saved.
    """
    customers.live(shop, customer_id)
    label = _("Credit of {money} paid out").format(money=show_money(amount_fen))
    with shop.change(label, KINDS, action="balance.pay_out"):
        _check(amount_fen, -due_fen(shop, customer_id), method)
        return _store(shop, customer_id, amount_fen, "payment", method=method, note=note)


def correct(
    shop: Shop,
    customer_id: int,
    amount_fen: int,
    note: str,
    *,
    kind: Literal["opening", "correction"] = "correction",
) -> int:
    """Change what a customer owes by an amount, above 0 for more, and return the entry's id.

    Raises:
        CustomerMissing
        BalanceWrong: the amount is 0 or there is no reason; nothing was saved.
    """
    customers.live(shop, customer_id)
    why = clean_text(note)
    if not amount_fen:
        raise BalanceWrong(_("A correction of ¥0 changes nothing. Nothing was saved."))
    if not why and kind == "correction":
        raise BalanceWrong(_("Please say why. Nothing was saved."))
    money = show_money(amount_fen, signed=True)
    with shop.change(_("Correct an account by {money}").format(money=money), KINDS, action="balance.correct"):
        return _store(shop, customer_id, amount_fen, kind, note=why)


def sale_within(shop: Shop, purchase: Purchase, amount_fen: int) -> None:
    """Part of a sale is left unpaid; inside the change of the sale."""
    if amount_fen:
        assert purchase.customer_id is not None
        _store(shop, purchase.customer_id, amount_fen, "sale", purchase=purchase, at=purchase.at)


def owed_of_sale_fen(shop: Shop, purchase: Purchase) -> int:
    """What of a sale is still owed: no more than was left unpaid, and no more than its customer owes at all."""
    if purchase.customer_id is None:
        return 0
    left = store_balance.of_sale_fen(shop.db, purchase.id)
    return max(min(left, due_fen(shop, purchase.customer_id)), 0)


def refund_within(shop: Shop, purchase: Purchase, amount_fen: int, why: str) -> None:
    """Strike off what was owed of a sale; inside the change of its refund."""
    assert purchase.customer_id is not None
    _store(shop, purchase.customer_id, -amount_fen, "refund", purchase=purchase, note=why)


def sale_voided_within(shop: Shop, purchase: Purchase, why: str) -> None:
    """The sale never was: what it left on account is struck off, what was paid of that is credit; inside the change."""
    left = store_balance.of_sale_fen(shop.db, purchase.id)
    if left:
        refund_within(shop, purchase, left, why)


def _check(amount_fen: int, most_fen: int, method: PayMethod) -> None:
    if method in ("account", "trade_in"):
        raise BalanceWrong(_("An account is settled with money. Nothing was saved; choose another way."))
    if most_fen <= 0:
        raise BalanceWrong(_("There is nothing to pay here. Nothing was saved."))
    if not 0 < amount_fen <= most_fen:
        raise BalanceWrong(
            _("Between ¥0.01 and {most} can be paid here. Nothing was saved; correct the amount.").format(
                most=show_money(most_fen)
            )
        )


def _store(
    shop: Shop,
    customer_id: int,
    amount_fen: int,
    kind: EntryKind,
    *,
    purchase: Purchase | None = None,
    at: str = "",
    method: str = "",
    note: str = "",
) -> int:
    return shop.db.insert(
        BalanceEntry(
            0,
            customer_id,
            at or shop.stamp(),
            purchase.day if purchase is not None and at else shop.today().isoformat(),
            amount_fen,
            kind,
            None if purchase is None else purchase.id,
            method,
            clean_text(note),
            shop.staff_id,
        )
    )
