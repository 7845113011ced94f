"""The questions of Settings › Safety: the first password, one for somebody else, one's own, a group of the sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop_crm import passwords, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import User
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui import new_password
from desktop_crm.ui.frame import person_words
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.secrets import SecretField
from desktop_crm.ui.page import Desk


class SheetDiffers(CrmError):
    """What was typed does not stand in that group of the sheet."""


class FirstForm(FormDialog[int]):
    """The first password of the shop, for its owner; saving gives who that is."""

    def __init__(self, desk: Desk, owners: Sequence[StaffMember], page: QWidget) -> None:
        note = _("You print a recovery sheet next: without it a forgotten password cannot be helped.")
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Lock the shop"),
            save_text=_("Lock it"),
            note=note,
            initiator=page,
        )
        self._is_known = bool(owners)
        self.owner = ChoiceField[int](
            _("Owner"),
            [(owner.id, owner.name) for owner in owners],
            value=owners[0].id if owners else None,
            required=True,
        )
        self.name = TextField(
            _("Your name"), required=True, hint=_("You are the owner: you may do everything.")
        )
        self.add(self.owner if owners else self.name)
        self.first, self.second = new_password.fields()
        self.add(self.first)
        self.add(self.second)

    def job(self) -> Callable[[Shop], int]:
        password = self.first.value()
        owner = self.owner.value() if self._is_known else None
        name = "" if self._is_known else self.name.value()

        def lock(shop: Shop) -> int:
            staff_id = staff.add(shop, name, "owner") if owner is None else owner
            passwords.set_first(shop, staff_id, password)
            return staff_id

        return lock


class PasswordForm(FormDialog[str]):
    """A password for somebody who has none, or a new one for somebody who forgot theirs; saving gives the name."""

    def __init__(self, desk: Desk, people: Sequence[StaffMember], page: QWidget) -> None:
        only = people[0] if len(people) == 1 else None
        title = (
            _("A password for {name}").format(name=only.name)
            if only
            else _("Somebody else opens the shop, too")
        )
        note = _("They type it when the program starts, and can change it themselves.")
        super().__init__(desk.jobs, desk.window, title=title, note=note, initiator=page)
        self._people = {member.id: member for member in people}
        self.who = ChoiceField[int](
            _("Who"),
            [(member.id, person_words(member)) for member in people],
            value=people[0].id,
            required=True,
        )
        if only is None:
            self.add(self.who)
        self.first, self.second = new_password.fields()
        self.add(self.first)
        self.add(self.second)

    def job(self) -> Callable[[Shop], str]:
        staff_id, password = self.who.value(), self.first.value()
        assert staff_id is not None
        name = self._people[staff_id].name

        def save(shop: Shop) -> str:
            passwords.add_user(shop, staff_id, password)
            return name

        return save


class OwnForm(FormDialog[None]):
    """One's own password: the old one, then the new one twice."""

    def __init__(self, desk: Desk, user: User, page: QWidget) -> None:
        title = _("Your password, {name}").format(name=user.name)
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self.old = self.add(SecretField(_("The password until now"), required=True))
        self.first, self.second = new_password.fields(_("The new password"))
        self.add(self.first)
        self.add(self.second)

    def job(self) -> Callable[[Shop], None]:
        old, new = self.old.value(), self.first.value()
        return lambda shop: passwords.change(shop, old, new)


class ProveForm(FormDialog[None]):
    """One group of the printed sheet, so that it is known to exist and to be readable."""

    def __init__(self, desk: Desk, group_no: int, page: QWidget) -> None:
        note = _("Take the printed sheet and type what stands there. Then it is certain that it exists.")
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Is the recovery sheet in your hands?"),
            save_text=_("Compare"),
            note=note,
            initiator=page,
        )
        self._group_no = group_no
        self.group = self.add(
            TextField(
                _("Group {number} of the sheet").format(number=group_no), required=True, placeholder="XXXXX"
            )
        )

    def job(self) -> Callable[[Shop], None]:
        group_no, typed = self._group_no, self.group.value()

        def compare(shop: Shop) -> None:
            if not passwords.prove_sheet(shop, group_no, typed):
                raise SheetDiffers(
                    _(
                        "Group {number} of the valid sheet is another one. Look at it again; if this sheet is from before "
                        "the locks were changed, print a new one."
                    ).format(number=group_no)
                )

        return compare
