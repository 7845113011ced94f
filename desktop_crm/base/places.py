"""Where a shop may lie: on a disk of this PC; not on a network drive, not in a folder that a program keeps in step.

SQLite's locks do not hold over a network, and a program that copies a file while it is in use makes two shops of one
(sqlite.org/howtocorrupt.html, 2.1 and 1.2). Only looked at; nothing here opens a file of a shop. Backups may lie anywhere.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _

Kind = Literal["disk", "removable", "network", "synced"]


@dataclass(frozen=True)
class Place:
    """What a folder lies on.

    Attributes:
        kind: "disk" is the only one that is good for a shop; "removable" is allowed and warned of.
        name: of the program that keeps it in step, or of the kind of network; "" for disks.
    """

    kind: Kind
    name: str = ""


class PlaceRefused(CrmError):
    """A shop cannot lie there."""


SYNC_MARKS: Final = {
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
    ".SynologyWorkingDirectory": "Synology Drive",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
}
"""What such programs leave in the top folder of what they copy. Dropbox also leaves a file `.dropbox`; a folder of that
name lies in the home folder of everybody who has it.
"""

SYNC_NAMES: Final = (
    (re.compile(r"onedrive( [-–] .+)?"), "OneDrive"),
    (re.compile(r"dropbox( \(.+\))?"), "Dropbox"),
    (re.compile(r"nutstore( files)?|(我的)?坚果云"), "坚果云"),
    (re.compile(r"baidusyncdisk|baidunetdiskworkspace|百度网盘同步空间|百度云同步盘"), "百度网盘"),
    (re.compile(r"icloud ?drive|com~apple~clouddocs|mobile documents"), "iCloud"),
    (re.compile(r"google ?drive|googledrive-.+|my drive|我的云端硬盘"), "Google Drive"),
    (re.compile(r"cloudstorage"), "CloudStorage"),
    (re.compile(r"nextcloud"), "Nextcloud"),
    (re.compile(r"owncloud"), "ownCloud"),
    (re.compile(r"synologydrive"), "Synology Drive"),
    (re.compile(r"wpsdrive|wps cloud files|wps ?云盘|wps ?网盘"), "WPS 云盘"),
    (re.compile(r"megasync"), "MEGA"),
    (re.compile(r"box sync"), "Box"),
)
"""How such programs name their folder, in lower case."""

NETWORKS: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "davfs", "afpfs", "vboxsf"),
        *("ceph", "glusterfs", "lustre", "ocfs2", "gfs2", "gpfs", "beegfs", "orangefs"),
        *(
            "sshfs",
            "rclone",
            "davfs2",
            "gvfsd-fuse",
            "s3fs",
            "curlftpfs",
            "vmhgfs-fuse",
            "kio-fuse",
            "smbnetfs",
        ),
        *("onedriver", "google-drive-ocamlfuse", "pCloud", "juicefs", "seadrive", "goofys", "cloudfuse"),
    }
)
"""File systems that lie on another computer (filesystems(5)); of "fuse.sshfs" the second half."""

_USB = re.compile(r"/usb\d+/")


def look(folder: Path, root: Path = Path("/")) -> Place:
    """What `folder` lies on; it need not be there yet.

    Args:
        folder: any folder.
        root: below which proc/ and sys/ lie (Linux).
    """
    whole = folder.resolve()
    if str(folder).startswith(("\\\\", "//")) or str(whole).startswith("\\\\"):
        return Place("network", "SMB")
    synced = _synced_by(whole)
    if synced:
        return Place("synced", synced)
    if sys.platform == "win32":  # pragma: no cover  asked of Windows itself
        return _windows_drive(whole)
    return _mount(whole, root)


def check_new(folder: Path, root: Path = Path("/")) -> Place:
    """Refuse to make a shop in `folder`, or to move one there, where it would not be safe.

    Raises:
        PlaceRefused: nothing was done.
    """
    place = look(folder, root)
    if place.kind == "network":
        raise PlaceRefused(
            _(
                "No shop can lie in {folder}: that is a network drive, where a short interruption destroys what was "
                "saved. Nothing was changed. Choose a folder on a disk of this PC; backups may go there."
            ).format(folder=folder)
        )
    if place.kind == "synced":
        raise PlaceRefused(
            _(
                "No shop can lie in {folder}: {program} copies that folder while the shop is in use, and would destroy "
                "it. Nothing was changed. Choose a folder on a disk of this PC; backups may go there."
            ).format(folder=folder, program=place.name)
        )
    return place


def check_present(folder: Path, root: Path = Path("/")) -> Place:
    """Refuse to open the shop in `folder` where it would not be safe.

    Raises:
        PlaceRefused: nothing was changed.
    """
    place = look(folder, root)
    if place.kind == "network":
        raise PlaceRefused(
            _(
                "The shop in {folder} was not opened: it lies on a network drive, where a short interruption destroys "
                "what was saved. Nothing was changed. Copy the whole folder to a disk of this PC and open it there."
            ).format(folder=folder)
        )
    if place.kind == "synced":
        raise PlaceRefused(
            _(
                "The shop in {folder} was not opened: {program} copies that folder while the shop is in use, and would "
                "destroy it. Nothing was changed. Move the whole folder to another place on this PC and open it there; "
                "only backups may stay."
            ).format(folder=folder, program=place.name)
        )
    return place


def warning(place: Place) -> str:
    """What somebody who keeps a shop there must know, or ""."""
    if place.kind != "removable":
        return ""
    return _(
        "This is a disk that can be unplugged. A shop on it is gone with it: never unplug it while the shop is open, "
        "and keep the backups on another disk."
    )


def _synced_by(folder: Path) -> str:
    """The program that keeps `folder` or one above it in step with other computers, or ""."""
    for place in (folder, *folder.parents):
        for mark, program in SYNC_MARKS.items():
            if os.path.lexists(place / mark):
                return program
        if os.path.isfile(place / ".dropbox"):
            return "Dropbox"
        name = place.name.lower()
        for pattern, program in SYNC_NAMES:
            if pattern.fullmatch(name):
                return program
    return ""


def _mount(folder: Path, root: Path) -> Place:
    """By what is mounted there (proc_pid_mountinfo(5)); the disk under "/" is this computer's own, whatever it is."""
    try:
        lines = (root / "proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
    except OSError:  # no Linux, or one that hides it
        return Place("disk")
    point, device, system = Path("/"), "", ""
    for line in lines:
        before, _dash, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        if (mounted == folder or mounted in folder.parents) and len(mounted.parts) >= len(point.parts):
            point, device, system = mounted, fields[2], after.split()[0]
    if point == Path("/"):
        return Place("disk")
    name = system.removeprefix("fuse.")
    if name in NETWORKS:
        return Place("network", name)
    return Place("removable") if _can_be_unplugged(root / "sys/dev/block" / device) else Place("disk")


def _can_be_unplugged(device: Path) -> bool:
    """Whether a block device is a stick, a card or a disk at a cable, or lies on one (encrypted disks do)."""
    whole = device.resolve()
    for place in (whole, whole.parent):
        try:
            if (place / "removable").read_text("ascii").strip() == "1":
                return True
        except OSError:
            continue
    below = sorted((whole / "slaves").glob("*"))
    return bool(_USB.search(whole.as_posix())) or any(_can_be_unplugged(part) for part in below)


def _windows_drive(folder: Path) -> Place:  # pragma: no cover  only there
    """By GetDriveTypeW (fileapi.h): 2 is removable, 4 remote. Disks at a USB cable say that they are fixed."""
    import ctypes  # nothing else needs it

    windows = getattr(ctypes, "windll")  # noqa: B009  unknown to the types of other systems
    kinds: dict[int, Kind] = {2: "removable", 4: "network"}
    kind = kinds.get(windows.kernel32.GetDriveTypeW(f"{folder.drive}\\"), "disk")
    return Place(kind, "SMB" if kind == "network" else "")
