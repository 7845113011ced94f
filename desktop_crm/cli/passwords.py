"""Commands about who may open the shop; giving a password to the other commands is in shared.py."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_crm import passwords
from desktop_crm.base.i18n import _
from desktop_crm.cli.shared import (
    Shared,
    UserUnknown,
    answer,
    command,
    first_line,
    folder_of,
    opened,
    password_of,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@command("users")
def list_users(shared: Shared) -> None:
    """List who may open the shop; no password is asked for."""
    folder = folder_of(shared)
    found = passwords.users(folder)
    is_protected = passwords.is_protected(folder)
    lines = [f"{user.name}  {user.role}" for user in found]
    if not is_protected:
        lines = [_("This shop has no password: everyone with this PC can open it.")]
    answer(shared, {"protected": is_protected, "users": found}, lines)


@command("password")
@click.option("--new-password-file", required=True, type=_FILE, help="File with the new password.")
def set_password(shared: Shared, new_password_file: Path) -> None:
    """Set the first password of the shop, for the owner named by --user, or change one's own."""
    new = first_line(new_password_file)
    with opened(shared) as shop:
        if shop.keys.is_protected:
            passwords.change(shop, password_of(shared) or "", new)
        elif shop.staff_id is None:
            raise UserUnknown(_("Say with --user which owner the password is for. Nothing was changed."))
        else:
            passwords.set_first(shop, shop.staff_id, new)
    answer(shared, {"changed": True}, [_("The password is set.")])
