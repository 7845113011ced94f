"""Setting somebody's PIN, in Settings › Staff; how one is asked for is person.py's business."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import pins
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.forms import CheckField, FormDialog
from desktop_crm.ui.kit.secrets import SecretField
from desktop_crm.ui.page import Desk


class PinForm(FormDialog[str]):
    """A new PIN, typed twice, or none any more; saving gives the sentence about it."""

    def __init__(self, desk: Desk, member: StaffMember, page: QWidget, *, has_one: bool) -> None:
        title = _("PIN of {name}").format(name=member.name)
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._member = member
        self.pin = self.add(
            SecretField(
                _("New PIN"),
                required=True,
                check=refusal,
                hint=_(
                    "Four to six digits, no row, no year. It changes who is at the counter; "
                    "what opens the shop in the morning is a password (Settings › Safety)."
                ),
            )
        )
        self.again = self.add(SecretField(_("Once more"), required=True, check=self._differs))
        self.none = CheckField(
            _("Take the PIN away"),
            False,
            hint=_("The counter then asks for the password, where there is one."),
        )
        if has_one:
            self.add(self.none)
            self.none.changed.connect(self._ask_less)

    def job(self) -> Callable[[Shop], str]:
        who, digits, name = self._member.id, self.pin.value(), self._member.name
        if self.none.value():
            return partial(_remove, who, _("{name} has no PIN any more.").format(name=name))
        return partial(_put, who, digits, _("The PIN of {name} is set. F12 asks for it.").format(name=name))

    def _differs(self, text: str) -> str:
        return "" if text == self.pin.value() else _("These are not the same digits.")

    def _ask_less(self) -> None:
        asks = not self.none.value()
        for field in (self.pin, self.again):
            field.set_required(asks)
            field.setEnabled(asks)


def _put(staff_id: int, digits: str, said: str, shop: Shop) -> str:
    pins.put(shop, staff_id, digits)
    return said


def _remove(staff_id: int, said: str, shop: Shop) -> str:
    pins.remove(shop, staff_id)
    return said


def refusal(text: str) -> str:
    """Why this cannot be a PIN, as a sentence; "" where it can."""
    try:
        pins.checked(text)
    except CrmError as error:
        return str(error)
    return ""
