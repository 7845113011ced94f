"""F8 on a card: note a visit, a call or a message, in few keys: what was said, Enter, Enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_crm import interactions
from desktop_crm.base.i18n import N_, _
from desktop_crm.records.customers import Customer
from desktop_crm.records.interactions import Channel, Starter
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, TextField
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from desktop_crm.shop import Shop

_WAYS: dict[str, tuple[str, Channel, Starter, bool]] = {
    "visit": (N_("They came to the shop"), "visit", "customer", True),
    "called_us": (N_("They called"), "call", "customer", True),
    "we_called": (N_("We called and reached them"), "call", "shop", True),
    "we_missed": (N_("We called, nobody answered"), "call", "shop", False),
    "wrote_us": (N_("They wrote by WeChat"), "wechat", "customer", True),
    "we_wrote": (N_("We wrote by WeChat"), "wechat", "shop", True),
    "we_sms": (N_("We sent an SMS"), "sms", "shop", True),
    "other": (N_("Other contact"), "other", "customer", True),
}
"""The ways a contact goes: words, channel, who began, whether the other side was reached."""


class ContactForm(FormDialog[int]):
    """What was said, and how; saving gives the contact's id."""

    def __init__(self, desk: Desk, customer: Customer, *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Contact with {name}").format(name=customer.name),
            initiator=initiator,
        )
        self._customer_id = customer.id
        self.summary = self.add(
            TextField(_("What it was about"), placeholder=_("Looked at phones, compared colours"))
        )
        self.way = self.add(
            ChoiceField(_("How"), [(key, _(way[0])) for key, way in _WAYS.items()], value="visit")
        )

    def job(self) -> Callable[[Shop], int]:
        """Note it as of now."""
        _words, channel, began_by, reached = _WAYS[self.way.value()]
        who, summary = self._customer_id, self.summary.value()
        return lambda shop: interactions.log(shop, who, channel, began_by, summary, reached)
