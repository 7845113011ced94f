"""What a worker says of a shop after each step, and whether a shop that is found again still holds it.

Of a whole change nothing may be missing and of an unfinished one nothing may be there: the contents of all that a
person can change are said as one digest, and what is found must be exactly one of the states that ever were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_crm import backup, integrity, restore
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store.errors import PasswordNeeded, PasswordWrong
from tests.conftest import NOW

_PASSWORD = "春风又绿江南岸"


@dataclass(frozen=True)
class Said:
    """What holds from here on.

    Attributes:
        step: what was done. place: the shop's folder, below the root.
        change: its newest change. digest: of its contents. backup: the file name of its newest backup, or nothing.
        password: what opens it, or nothing.
    """

    step: str
    place: str
    change: int
    digest: str
    backup: str = ""
    password: str = ""

    def line(self) -> bytes:
        """As one line of text."""
        return json.dumps(asdict(self)).encode() + b"\n"


def parsed(lines: bytes) -> list[Said]:
    """What stands in whole lines of text."""
    return [Said(**json.loads(line)) for line in lines.splitlines(keepends=True) if line.endswith(b"\n")]


def say(shop: Shop, step: str, root: Path, password: str = "") -> Said:
    """What holds now of an open shop."""
    newest = backup.listing(shop)
    return Said(
        step,
        str(shop.folder.relative_to(root)),
        journal.last_id(shop.db),
        digest(shop),
        newest[0].path.name if newest else "",
        password,
    )


def digest(shop: Shop) -> str:
    """One short text for all that a person can change, and the list of changes."""
    whole = hashlib.blake2b(digest_size=16)
    with shop.reading() as db:
        for table in journal.TABLES:
            for row in db.connection.execute(f"SELECT * FROM {table} ORDER BY id"):
                whole.update(repr(row).encode())
            whole.update(table.encode())
        for row in db.connection.execute(
            "SELECT id, label, staff_id, undo_of, undone_by FROM changes ORDER BY id"
        ):
            whole.update(repr(row).encode())
    return whole.hexdigest()


def following(password: str) -> str:
    """The password that comes after this one."""
    return f"{_PASSWORD} {int(password.split()[-1]) + 1 if password else 1}"


def opened_with(folder: Path, password: str) -> Shop:
    """The shop in `folder`, opened with a password or with none."""
    return Shop.open(folder, FixedClock(NOW), password=password or None)


def newest(sayings: Iterable[Said]) -> dict[str, Said]:
    """The last word about each shop."""
    return {said.place: said for said in sayings}


def wrong(
    root: Path,
    held: Iterable[Said],
    coming: Mapping[str, Said] | None,
    *,
    unfinished: str = "",
    whole: set[str] | None = None,
) -> str:
    """What of that which was said does not hold in the shops below `root` any more; nothing if all does.

    Args:
        held: the last word about each shop. coming: what would have been said next of each; None where nobody knows.
        unfinished: the step that was not acknowledged.
        whole: digests of backup files that were found whole; none is unpacked twice.
    """
    for said in held:
        try:
            shop = _opened(root / said.place, said)
        except CrmError as error:
            return f"after {said.step}: {type(error).__name__}: {error}"
        try:
            trouble = _wrong_in(shop, said, coming, unfinished)
            trouble = trouble or _wrong_backups(shop, said, set() if whole is None else whole)
        finally:
            shop.close()
        trouble = trouble or _wrong_password(root / said.place, said)
        if trouble:
            return f"after {said.step}: {trouble}"
    return ""


def _opened(folder: Path, said: Said) -> Shop:
    """The shop, opened with the password that was said, or with the one that was being set."""
    try:
        return opened_with(folder, said.password)
    except (PasswordWrong, PasswordNeeded):
        return opened_with(folder, following(said.password))


def _wrong_in(shop: Shop, said: Said, coming: Mapping[str, Said] | None, unfinished: str) -> str:
    change, contents = journal.last_id(shop.db), digest(shop)
    if coming is not None:
        after = coming.get(said.place, said)
        if (change, contents) not in ((said.change, said.digest), (after.change, after.digest)):
            return f"change {change} in a state that never was, or no longer is; {said.change} was said"
    elif change < said.change:
        if unfinished != "restore_back" or not _is_in_backup(shop, said):
            return f"lost: the newest change is {change}, {said.change} was said"
    elif change == said.change and contents != said.digest:
        return f"change {change} does not hold what it held"
    findings = [f"{finding.key}: {finding.count}" for finding in integrity.check(shop)]
    if findings:
        return f"broken: {', '.join(findings)}"
    return ""


def _is_in_backup(shop: Shop, said: Said) -> bool:
    """Whether what was said is in the backup that is made before another one takes the place of the shop."""
    newest_backup = backup.newest_whole(shop)
    return newest_backup is not None and newest_backup[1].rows["last_change"] >= said.change


def _wrong_password(folder: Path, said: Said) -> str:
    """The password before the one that was said opens nothing any more."""
    number = int(said.password.split()[-1]) if said.password else 0
    if number == 0:
        return ""
    try:
        opened_with(folder, f"{_PASSWORD} {number - 1}" if number > 1 else "").close()
    except (PasswordWrong, PasswordNeeded):
        return ""
    return "the password of before opens it"


def _wrong_backups(shop: Shop, said: Said, whole: set[str]) -> str:
    """The backup that was said, or a newer one, is there; none of those counts before it is whole."""
    if not said.backup:
        return ""
    listed = [each.path for each in backup.listing(shop) if each.path.name >= said.backup]
    if not listed:
        return f"the backup {said.backup} is gone"
    for path in listed:
        contents = hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        if contents in whole:
            continue
        try:
            restore.verify(path, shop)
            whole.add(contents)
        except CrmError as error:
            return f"the backup {path.name} is not whole: {error}"
    return ""
