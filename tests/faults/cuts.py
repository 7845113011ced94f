"""Power cuts: record a scenario once, then rebuild what the disk may hold at any moment, and open the shop there."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.shop import Shop
from desktop_crm.store.errors import ShopExists
from tests.conftest import NOW
from tests.faults import preload, trace
from tests.faults.disk import KINDS, Disk, Kind, Tree, put
from tests.faults.said import Said, newest, parsed, wrong
from tests.faults.scenarios import SCENARIOS
from tests.faults.trace import Operation

SAID = "said"
_MEMORY = Path("/dev/shm")
_KINDS: tuple[Kind, ...] = (*KINDS, *("some",) * 8)


@dataclass(frozen=True)
class Recording:
    """A scenario that was done once.

    Attributes:
        disk: as it was before. operations: what was done to it. after: what lay below the root at the end.
    """

    disk: Disk
    operations: list[Operation]
    after: Tree


@dataclass
class Result:
    """What became of a scenario's states.

    Attributes:
        scenario: which. operations: recorded. said: how often the worker said something.
        states: looked at. different: of these, contents of the disk that were not met before.
        missed: paths in which what was recorded does not add up to what lay on the real disk at the end.
        wrong: what did not hold, each with how often.
    """

    scenario: str
    operations: int
    said: int
    states: int = 0
    different: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where there is one: thousands of shops are opened in it, and no power is really cut."""
    return tempfile.TemporaryDirectory(prefix="faults-", dir=_MEMORY if _MEMORY.is_dir() else None)


def record(scenario: str, folder: Path, spoiling: str = "") -> Recording:
    """Do a scenario below `folder` with the recorder."""
    root, noted = folder / "root", folder / "trace"
    root.mkdir()
    SCENARIOS[scenario].prepare(root)
    disk = Disk(root)
    command = [sys.executable, "-m", "tests.faults.worker", scenario, str(root), str(root / SAID), spoiling]
    subprocess.run(
        command, env=preload.environment(root, noted, root / SAID) | {"TMPDIR": str(folder)}, check=True
    )
    return Recording(disk, trace.read(noted), tree_of(root))


def tree_of(root: Path) -> Tree:
    """What lies below a folder, without what was said and what SQLite shares in memory."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.name != SAID and not path.name.endswith("-shm")
    }


def cut(scenario: str, count: int, seed: int = 1, spoiling: str = "", *, until_wrong: bool = False) -> Result:
    """Look at so many states of a scenario, at moments spread over all of it."""
    with scratch() as place:
        recording = record(scenario, Path(place), spoiling)
        everything = [
            said
            for operation in recording.operations
            if operation.kind == "a"
            for said in parsed(operation.first)
        ]
        result = Result(scenario, len(recording.operations), len(everything))
        judged: dict[object, str] = {}
        whole: set[str] = set()
        for tree, held, coming in _moments(recording, count, random.Random(seed)):
            result.states += 1
            key = (_hash(tree), held)
            if key not in judged:
                result.different += 1
                judged[key] = _look(tree, held, coming, Path(place), whole)
            if judged[key]:
                result.wrong[judged[key]] += 1
                if until_wrong:
                    return result
        result.missed = _missed(recording)
    return result


def _missed(recording: Recording) -> list[str]:
    """Where the simulated disk, after all operations, differs from the real one."""
    everything = recording.disk.state("everything", random.Random(1))
    found = {path: data for path, data in everything.items() if path != SAID and not path.endswith("-shm")}
    after = recording.after
    return sorted(
        path for path in found.keys() | after.keys() if found.get(path, b"-") != after.get(path, b"-")
    )


Moment = tuple[Tree, tuple[Said, ...], dict[str, Said]]
"""A state of the disk, the last word about each shop, and the next one about each."""


def _moments(recording: Recording, count: int, rng: random.Random) -> Iterator[Moment]:
    """States at random moments."""
    operations = recording.operations
    waiting = [said for operation in operations if operation.kind == "a" for said in parsed(operation.first)]
    at = Counter(rng.randrange(len(operations) + 1) for _number in range(count))
    sayings: list[Said] = []
    for place in range(len(operations) + 1):
        for _number in range(at[place]):
            tree = recording.disk.state(rng.choice(_KINDS), rng)
            tree.pop(SAID, None)
            coming = newest(reversed(waiting[len(sayings) :]))
            yield tree, tuple(newest(sayings).values()), coming
        if place < len(operations):
            recording.disk.do(operations[place])
            if operations[place].kind == "a":
                sayings += parsed(operations[place].first)


def _hash(tree: Tree) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for path, contents in tree.items():
        if not path.endswith("-shm"):
            whole.update(f"{path}\0{-1 if contents is None else len(contents)}\0".encode())
            whole.update(contents or b"")
    return whole.hexdigest()


def _look(tree: Tree, held: tuple[Said, ...], coming: dict[str, Said], folder: Path, whole: set[str]) -> str:
    """What does not hold in a state, or nothing."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="state-") as made:
        root = Path(made)
        put(tree, root)
        trouble = wrong(root, held, coming, whole=whole)
        places = coming.keys() - {said.place for said in held}
        return trouble or "".join(_no_way_on(root / place) for place in sorted(places))


def _no_way_on(folder: Path) -> str:
    """A shop that was not yet said to be there can be made, or is whole; anything else is a dead end."""
    if not folder.exists():
        return ""
    try:
        Shop.create(folder, "星河手机店", FixedClock(NOW)).close()
    except ShopExists:
        try:
            Shop.open(folder, FixedClock(NOW)).close()
        except CrmError as error:
            return f"a dead end: neither made nor opened: {type(error).__name__}: {error}"
    return ""
