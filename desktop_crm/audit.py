"""The audit trail: noting who saw what, the anchor that is printed, and whether somebody tampered with the trail.

Every kept step writes its entry by itself, in its own transaction (shop.py). What is no step (a number revealed, a paper
printed, somebody signed in) is noted here. Reading the trail is audit_list.py's business, the chain store/audit_chain.py's.

Whoever can open the shop file can write a new trail from the first entry on, so no check inside the file is enough: the
anchor on paper (number of an entry and the beginning of its hash) holds everything up to that entry.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.shop import Shop
from desktop_crm.store import audit as store
from desktop_crm.store import audit_chain
from desktop_crm.store.audit_chain import Flaw

ACTIONS: Final[Mapping[str, str]] = {
    "change": N_("Changed"),
    "delete": N_("Deleted"),
    "merge": N_("Merged"),
    "import": N_("Imported"),
    "undo": N_("Undone or redone"),
    "settings": N_("Settings"),
    "reveal": N_("Looked at"),
    "print": N_("Printed"),
    "export": N_("Taken out"),
    "erase": N_("Person erased"),
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Sign-in failed"),
    "switch": N_("Clerk switched"),
    "lock": N_("Locked"),
    "unlock": N_("Unlocked"),
    "pin": N_("PIN changed"),
    "password": N_("Password changed"),
    "locks": N_("Locks changed"),
    "recovery": N_("Recovery sheet"),
    "rights": N_("Rights changed"),
    "backup": N_("Backup taken out"),
    "restore": N_("Restored"),
}
"""Everything that is noted, in words."""


_FLAWS: Final[Mapping[str, str]] = {
    "edited": N_("Entry {number} was edited: its hash is not that of what it holds."),
    "said": N_("What entry {number} says was edited."),
    "missing": N_("Before entry {number} something is missing or was swapped."),
    "cut": N_("The last entries are missing, from number {number} on."),
    "blank": N_("What entry {number} said was taken away, though nobody was erased who it was about."),
    "step": N_("Step {number} of History has no entry."),
    "anchor": N_("Entry {number} is not the one that the printed anchor names: the trail was written anew."),
    "left": N_("The printed anchor is of a trail that a restored backup replaced, at entry {number}."),
}

_ANCHOR = re.compile(r"\D*?(\d+)\D+([0-9A-Z]{4}(?:[^0-9A-Z]*[0-9A-Z]{4}){3})\W*")
_CODE_BYTES = 10
_BASE32, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class AnchorNotUnderstood(CrmError):
    """What was typed is no anchor."""


@dataclass(frozen=True)
class Verdict:
    """What looking through the whole trail brought.

    Attributes:
        entries: how many there are. anchor: of the last one, '' where there is none.
        flaws: what is wrong, in the order of the entries. anchored: the entry that the given anchor held, or None.
    """

    entries: int
    anchor: str
    flaws: tuple[Flaw, ...]
    anchored: int | None = None

    @property
    def is_whole(self) -> bool:
        """Nobody tampered with it, as far as can be told."""
        return not self.flaws

    def sentences(self) -> list[str]:
        """What is wrong, or that nothing is."""
        if self.flaws:
            return [_(_FLAWS[flaw.kind]).format(number=flaw.number) for flaw in self.flaws]
        words = ngettext(
            "The audit trail is whole: {count} entry.",
            "The audit trail is whole: {count} entries.",
            self.entries,
        )
        found = [words.format(count=f"{self.entries:,}")]
        if self.anchored is not None:
            found.append(
                _(
                    "The anchor is right: nothing up to entry {number} was changed since it was printed."
                ).format(number=self.anchored)
            )
        return found


def note(
    shop: Shop,
    action: str,
    *,
    customer_id: int | None = None,
    kinds: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,  # JSON values of several types
) -> int:
    """Note what is no step: inside the change that is open on this thread, or in a short transaction of its own.

    Args:
        action: one of ACTIONS. customer_id: whom it is about. kinds: nouns it is about.
        details: "label" is a whole sentence for the person who reads the trail; what else it holds is read by programs.
            No full phone number belongs here.

    Returns:
        The entry's number.

    Raises:
        KeyError: there is no such action.
        DiskFull, ShopBusy, ShopReadOnly: nothing was noted.
    """
    if action not in ACTIONS:
        raise KeyError(action)
    if shop.db.writable:
        return _append(shop, action, customer_id, kinds, details or {})
    with shop.upkeep():
        return _append(shop, action, customer_id, kinds, details or {})


def printed(shop: Shop, title: str, *, customer_id: int | None = None, file: str = "") -> int:
    """Note that a paper was printed, or saved under the name `file`.

    Args:
        title: of the paper. customer_id: of the one whom it is about, None where it is about several or nobody.

    Returns:
        The entry's number.
    """
    words = _("Saved “{title}” as {file}") if file else _("Printed “{title}”")
    return note(
        shop, "print", customer_id=customer_id, details={"label": words.format(title=title, file=file)}
    )


def _append(
    shop: Shop, action: str, customer_id: int | None, kinds: Iterable[str], details: store.Details
) -> int:
    return store.append(
        shop.db,
        at=shop.stamp(),
        day=shop.today().isoformat(),
        staff_id=shop.staff_id,
        action=action,
        kinds=",".join(sorted(kinds)),
        customer_id=customer_id,
        details=details,
    )


# ---------------------------------------------------------------- the anchor, and looking through the trail


def anchor(shop: Shop) -> str:
    """The trail up to now in a line for paper, like '1234-7K3F-9QXD-22MN-H4ZR'; '' while there is no entry."""
    return _anchor(*store.head(shop.db))


def verify(shop: Shop, typed: str = "", tell: Callable[[int], None] = lambda _done: None) -> Verdict:
    """Look through the whole trail.

    Args:
        typed: an anchor from paper, '' for none. tell: called with the number of entries done.

    Raises:
        AnchorNotUnderstood: `typed` is none.
    """
    wanted = _read_anchor(typed) if typed.strip() else None
    with shop.reading() as db:
        chain = audit_chain.check(db, wanted, tell)
    number = wanted[0] if wanted and not chain.flaws else None
    return Verdict(chain.entries, _anchor(chain.entries, chain.head), chain.flaws, number)


def _anchor(number: int, chain_hash: str) -> str:
    if not chain_hash:
        return ""
    code = base64.b32encode(bytes.fromhex(chain_hash)[:_CODE_BYTES]).decode()
    symbols = code.translate(str.maketrans(_BASE32, _CROCKFORD))
    return "-".join((str(number), *(symbols[place : place + 4] for place in range(0, len(symbols), 4))))


def _read_anchor(typed: str) -> tuple[int, str]:
    """Number and beginning of the hash; forgives spaces, lower case, full-width signs, O for 0, I and L for 1."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(str.maketrans("OIL", "011"))
    found = _ANCHOR.fullmatch(plain)
    if found is None or set(symbols := re.sub(r"[^0-9A-Z]", "", found[2])) - set(_CROCKFORD):
        raise AnchorNotUnderstood(
            _(
                "This is no anchor of the audit trail. It stands at the foot of each monthly report and looks like "
                "1234-7K3F-9QXD-22MN-H4ZR."
            )
        )
    code = symbols.translate(str.maketrans(_CROCKFORD, _BASE32))
    return int(found[1]), base64.b32decode(code).hex()


# ---------------------------------------------------------------- a person who is erased


def blank(shop: Shop, customer_id: int, change_ids: Sequence[int] = (), mentions: Sequence[str] = ()) -> int:
    """Take away what the trail says of a person, and note that this was done; the chain still holds.

    Args:
        change_ids: steps that wrote their card. mentions: texts by which they are found in other entries.

    Returns:
        How many entries were blanked.
    """
    if not shop.db.writable:
        with shop.upkeep():
            return blank(shop, customer_id, change_ids, mentions)
    numbers = store.naming(shop.db, customer_id, change_ids, mentions)
    store.blank(shop.db, numbers)
    words = ngettext(
        "Erased a person; {count} entry of the trail says nothing any more",
        "Erased a person; {count} entries of the trail say nothing any more",
        len(numbers),
    )
    details = {"label": words.format(count=len(numbers)), "entries": numbers}
    _append(shop, "erase", customer_id, {"customers"}, details)
    return len(numbers)
