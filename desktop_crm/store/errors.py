"""What can be wrong with a shop's files, each with its sentence; and the one bug that guards all writes."""

from __future__ import annotations

from desktop_crm.base.errors import CrmError
from desktop_crm.base.recovery_code import CodeWrong as CodeWrong
from desktop_crm.records.users import User


class ShopMissing(CrmError):
    """The folder holds no shop."""


class ShopExists(CrmError):
    """A shop is to be made where one already is."""


class ShopForeign(CrmError):
    """The file is a database of some other program."""


class ShopNewer(CrmError):
    """The shop was last opened by a newer version of the program."""


class ShopDamaged(CrmError):
    """The database cannot be read with its own key."""


class ShopReadOnly(CrmError):
    """The folder or the file cannot be written to."""


class ShopBusy(CrmError):
    """Another program held the shop for longer than we wait."""


class ShopUnreachable(CrmError):
    """The file went away while it was open: an unplugged disk, a lost network drive."""


class DiskFull(CrmError):
    """There is no room left on the disk."""


class KeyFileMissing(CrmError):
    """The key file is not there."""


class KeyFileUnreadable(CrmError):
    """The key file is there, but may not be read."""


class KeyFileDamaged(CrmError):
    """Neither copy of the key file can be read."""


class KeyFileOld(CrmError):
    """The key file is from before its latest change."""


class PasswordNeeded(CrmError):
    """The shop is locked.

    Attributes:
        users: whose passwords open it; empty where only the recovery sheet does.
    """

    def __init__(self, message: str, users: tuple[User, ...]) -> None:
        super().__init__(message)
        self.users = users


class PasswordWrong(CrmError):
    """The password is another one.

    Attributes:
        wait_s: whole seconds until the next try is looked at, 0 for at once.
    """

    def __init__(self, message: str, wait_s: int = 0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class TooManyTries(PasswordWrong):
    """The password was not even looked at: the wait after wrong ones is not over."""


class CodeOld(CodeWrong):
    """The recovery code is from before the locks were changed."""


class UserGone(CrmError):
    """The password is right, but that person is not on the staff of this shop (any more)."""


class LocksChanged(CrmError):
    """Another program gave the shop new locks while this one had it open."""


class OwnerNeeded(CrmError):
    """There would be no owner left whose password opens the shop."""


class WriteOutsideChange(RuntimeError):
    """A write was tried outside `shop.change`: a bug, never shown as the person's mistake."""
