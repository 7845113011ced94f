"""A new password, typed twice; in the first run and in Settings. What a good one is, passwords.py decides."""

from __future__ import annotations

from desktop_crm import passwords
from desktop_crm.base.i18n import _
from desktop_crm.passwords import PasswordWeak
from desktop_crm.ui.kit.secrets import SecretField


def fields(label: str = "") -> tuple[SecretField, SecretField]:
    """The field for it and the one for typing it again."""
    first = SecretField(
        label or _("Password"),
        required=True,
        check=weakness,
        hint=_("Eight characters or more; a few words are best."),
    )

    def differs(typed: str) -> str:
        return "" if typed == first.value() else _("The two are not the same. Type the second one again.")

    return first, SecretField(_("The same again"), required=True, check=differs)


def weakness(password: str) -> str:
    """Why it is too easy to guess, as a sentence, or ""."""
    try:
        passwords.check(password)
    except PasswordWeak as error:
        return str(error)
    return ""
