"""What can be wrong with a shop's files, each with its sentence; and the one bug that guards all writes."""

from __future__ import annotations

from desktop_crm.base.errors import CrmError


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


class WriteOutsideChange(RuntimeError):
    """A write was tried outside `shop.change`: a bug, never shown as the person's mistake."""
