"""A real disk of 16 MB that is full: a tmpfs in a mount namespace of its own, where the system lets us make one.

`python -m tests.faults.small FOLDER` is what runs inside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from desktop_crm.base import i18n
from desktop_crm.base.errors import CrmError
from desktop_crm.store import ballast
from desktop_crm.store.errors import DiskFull
from tests.faults import preload, steps
from tests.faults.said import wrong

_MOUNT = 'mount -t tmpfs -o size=16m none "$1" && shift && exec "$@"'
_RESERVE = 1 << 20


def missing() -> str:
    """Why no small disk can be made here, or nothing."""
    if shutil.which("unshare") is None:
        return "there is no unshare to make a small disk with"
    with tempfile.TemporaryDirectory() as place:
        tried = subprocess.run(
            ["unshare", "-rm", "sh", "-c", _MOUNT, "sh", place, "true"], capture_output=True, check=False
        )
    return "" if tried.returncode == 0 else "a small disk may not be mounted here"


def filled(folder: Path) -> dict[str, Any]:  # the JSON of `_fill`
    """Fill a small disk at `folder`, free some of it, and tell what happened."""
    command = [
        "unshare",
        "-rm",
        "sh",
        "-c",
        _MOUNT,
        "sh",
        str(folder),
        sys.executable,
        "-m",
        "tests.faults.small",
    ]
    plain = {name: value for name, value in preload.environment().items() if name != "LD_PRELOAD"}
    done = subprocess.run([*command, str(folder)], env=plain, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _fill(root: Path) -> dict[str, Any]:
    ballast.SIZE = _RESERVE  # type: ignore[misc]
    steps_made = steps.made(root, 3)
    steps.add_customer(steps_made)
    assert ballast.keep(steps_made.shop.folder)
    filler = root / "filler"
    with open(filler, "wb") as file:  # leaves room for some dozens of sales
        file.write(bytes(max(0, shutil.disk_usage(root).free - (2 << 20))))
    before, first = _sell_until_full(steps_made)
    reserve, second = _sell_until_full(steps_made)
    held = steps_made.said("sell")
    os.truncate(filler, 0)
    steps.sell(steps_made)
    last = steps_made.said("sell")
    steps_made.close()
    try:
        steps_made.open()
        reopened = steps_made.said("open").digest == last.digest
    except CrmError:
        reopened = False
    steps_made.close()
    return {
        "saved before it was full": before, "first sentence": first,
        "saved from the reserve": reserve, "second sentence": second,
        "saved with room": last.change - held.change, "reopened": reopened,
        "wrong": wrong(root, [last], {}),
    }  # fmt: skip


def _sell_until_full(day: steps.Day) -> tuple[int, str]:
    for count in range(2_000):
        try:
            steps.sell(day)
        except DiskFull as full:
            return count, str(full)
    raise RuntimeError("the disk never was full")


if __name__ == "__main__":
    i18n.set_language("en")
    print(json.dumps(_fill(Path(sys.argv[1]))))  # noqa: T201 - the answer
