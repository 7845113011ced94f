"""Where a shop may lie: network drives and synced folders are refused, disks that can be unplugged are warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm.base import places
from desktop_crm.base.places import Place, PlaceRefused

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/shops rw - nfs4 server:/shops rw
31 22 0:41 / /media/share rw - cifs //server/share rw
32 22 0:42 / /home/li/remote rw - fuse.sshfs li@server:/ rw
33 22 8:17 / /media/li/KING\\040STON rw - vfat /dev/sdb1 rw
34 22 8:33 / /media/li/outer rw - ext4 /dev/sdc1 rw
35 22 253:0 / /media/li/locked rw - ext4 /dev/mapper/locked rw
36 22 259:1 / /data rw - ext4 /dev/nvme0n1p1 rw
37 36 0:43 / /data/over rw - ext4 /dev/sda9 rw
38 36 0:44 / /data/over rw - nfs server:/over rw
39 22 0:45 / /mnt/fuse rw - fuse.mergerfs a:b rw
half a line
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A made-up Linux: an inner disk, a stick, a disk at a USB cable, an encrypted one on it."""
    made = tmp_path / "root"
    devices = made / "sys/devices"
    block = made / "sys/dev/block"
    for place in (
        "ata1/sda/sda1",
        "usb2/2-1/sdb/sdb1",
        "usb3/3-1/sdc/sdc1",
        "virtual/dm-0/slaves",
        "pci/nvme0n1/nvme0n1p1",
    ):
        (devices / place).mkdir(parents=True)
    for disk, removable in (("ata1/sda", "0"), ("usb2/2-1/sdb", "1"), ("usb3/3-1/sdc", "0")):
        (devices / disk / "removable").write_text(removable + "\n")
    block.mkdir(parents=True)
    for number, place in {
        "8:1": "ata1/sda/sda1",
        "8:17": "usb2/2-1/sdb/sdb1",
        "8:33": "usb3/3-1/sdc/sdc1",
        "253:0": "virtual/dm-0",
        "259:1": "pci/nvme0n1/nvme0n1p1",
    }.items():
        (block / number).symlink_to(devices / place)
    (devices / "virtual/dm-0/slaves/sdc1").symlink_to(devices / "usb3/3-1/sdc/sdc1")
    (made / "proc/self").mkdir(parents=True)
    (made / "proc/self/mountinfo").write_text(MOUNTS)
    return made


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("/home/li/shop", Place("disk")),
        ("/data/shop", Place("disk")),
        ("/mnt/fuse/shop", Place("disk")),
        ("/srv/shops", Place("network", "nfs4")),
        ("/srv/shops/one", Place("network", "nfs4")),
        ("/srv/shopsmith", Place("disk")),
        ("/media/share/shop", Place("network", "cifs")),
        ("/home/li/remote/shop", Place("network", "sshfs")),
        ("/data/over/shop", Place("network", "nfs")),
        ("/media/li/KING STON/shop", Place("removable")),
        ("/media/li/outer/shop", Place("removable")),
        ("/media/li/locked/shop", Place("removable")),
        ("//server/share/shop", Place("network", "SMB")),
        ("\\\\server\\share", Place("network", "SMB")),
    ],
)
def test_a_folder_lies_on_what_is_mounted_there(folder: str, place: Place, root: Path) -> None:
    assert places.look(Path(folder), root) == place


def test_a_computer_whose_own_disk_is_a_network_is_used_as_it_is(root: Path) -> None:
    (root / "proc/self/mountinfo").write_text("22 1 0:20 / / rw - nfs4 server:/root rw\n")
    assert places.look(Path("/home/li/shop"), root) == Place("disk")


def test_without_a_list_of_mounts_a_folder_is_on_a_disk(tmp_path: Path) -> None:
    assert places.look(tmp_path / "shop", tmp_path / "nothing") == Place("disk")


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - 星河手机店", "OneDrive"),
        ("dropbox", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("Nutstore Files", "坚果云"),
        ("我的坚果云", "坚果云"),
        ("BaiduSyncdisk", "百度网盘"),
        ("百度网盘同步空间", "百度网盘"),
        ("iCloudDrive", "iCloud"),
        ("Google Drive", "Google Drive"),
        ("Nextcloud", "Nextcloud"),
        ("SynologyDrive", "Synology Drive"),
        ("WPSDrive", "WPS 云盘"),
    ],
)
def test_a_folder_is_known_by_the_name_its_program_gives_it(
    folder: str, program: str, tmp_path: Path
) -> None:
    assert places.look(tmp_path / folder / "Documents" / "shop") == Place("synced", program)


@pytest.mark.parametrize("mark", [*places.SYNC_MARKS, ".dropbox"])
def test_a_folder_is_known_by_what_its_program_leaves_there(mark: str, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / mark).write_text("")
    program = places.SYNC_MARKS.get(mark, "Dropbox")
    assert places.look(tmp_path / "files" / "shops" / "one") == Place("synced", program)


def test_a_way_into_a_synced_folder_leads_there(tmp_path: Path) -> None:
    (tmp_path / "OneDrive" / "shop").mkdir(parents=True)
    (tmp_path / "mine").symlink_to(tmp_path / "OneDrive" / "shop")
    assert places.look(tmp_path / "mine").kind == "synced"


@pytest.mark.parametrize("name", ["onedrive-old-notes", "my dropbox list", "Boxes", "shop"])
def test_names_that_only_sound_alike_are_fine(name: str, tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    assert places.look(tmp_path / name).kind == "disk"


def test_a_shop_is_neither_made_nor_opened_where_it_would_be_lost(root: Path, tmp_path: Path) -> None:
    for check, words in ((places.check_new, "No shop can lie in"), (places.check_present, "was not opened")):
        with pytest.raises(PlaceRefused, match=words) as refused:
            check(Path("/srv/shops/one"), root)
        assert "network drive" in str(refused.value)
        with pytest.raises(PlaceRefused, match=words) as refused:
            check(tmp_path / "OneDrive" / "one", root)
        assert "OneDrive" in str(refused.value)
        assert check(Path("/data/shop"), root) == Place("disk")


def test_a_disk_that_can_be_unplugged_is_warned_of(root: Path) -> None:
    assert "unplug" in places.warning(places.check_new(Path("/media/li/outer/shop"), root))
    assert places.warning(Place("disk")) == ""
