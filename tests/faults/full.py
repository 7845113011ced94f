"""A full disk at each operation that needs room: what fails says so in a sentence, and works once there is room.

This process, which has the recorder, forks a worker for each run. The worker does a row of steps; at one operation the
disk is full: for that one alone, from then on until the step has failed, or in the midst of a write. A step that fails is
done again with room, as a clerk would, and must succeed; then the shop is compared with what the worker said.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_crm.base.errors import CrmError
from desktop_crm.store.errors import DiskFull, PasswordNeeded, PasswordWrong, ShopBusy, ShopUnreachable
from tests.faults import preload, steps
from tests.faults.cuts import scratch
from tests.faults.said import following, newest, parsed, wrong
from tests.faults.scenarios import SCENARIOS, copy
from tests.faults.steps import Day

MODES = {"once": preload.ONCE, "onwards": preload.ONWARDS, "half": preload.HALF}
TEMPORARY = "temporary"
BORNE = "borne"
"""Kind of a fault that a step did not mind."""
BEGINNINGS, ENDINGS = (".making-", ".restored-"), (".part", ".making", "-journal")
"""How the names of what is half done begin or end; none may stay."""


@dataclass
class Result:
    """What became of the runs of one row of steps.

    Attributes:
        row: which. operations: that need room, without a fault. runs: with a fault. hit: runs in which it was met.
        kinds: of what the steps raised, each with how often. said: acknowledgements in all.
        wrong: what did not hold, each with how often.
    """

    row: str
    operations: int
    runs: int = 0
    hit: int = 0
    said: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


def _rows() -> dict[str, tuple[str, tuple[steps.Step, ...]]]:
    """Row → the scenario that prepares its shop, and its steps; the first is always to open (or make) the shop."""
    return {
        "sale": (
            "sale",
            (steps.sell, steps.add_customer, steps.merge_two, steps.undo, steps.settle, steps.reopen),
        ),
        "import": ("sale", (steps.import_list, steps.undo)),
        "backup": ("sale", (steps.sell, steps.back_up)),
        "migration": ("migration", (steps.add_customer,)),
        "first_run": ("first_run", (steps.add_customer,)),
        "password": (
            "sale",
            (steps.hire, steps.new_password, steps.new_password, steps.new_locks, steps.sell),
        ),
        "restore": ("sale", (steps.back_up, steps.sell, steps.restore_back, steps.sell)),
    }


ROWS = _rows()


def fill(rows: Mapping[str, int], seed: int = 1) -> Iterator[Result]:
    """Let the disk be full at so many of each row's operations, or for 0 at each of them in each way."""
    with scratch() as place:
        warm: set[str] = set()
        for row, count in rows.items():
            scenario, _steps = ROWS[row]
            template, root = Path(place) / scenario, Path(place) / "root"
            if scenario not in warm:
                template.mkdir()
                SCENARIOS[scenario].prepare(template)
                warm.add(scenario)
            copy(
                template, Path(place) / f"rehearsal-{row}"
            )  # imports what is slow to import, before the first fork
            list(_done(row, Path(place) / f"rehearsal-{row}", Counter()))
            result = Result(row, _run(row, template, root, 0, 0)["counted"])
            cases = [(at, mode) for at in range(1, result.operations + 1) for mode in MODES]
            chosen = random.Random(seed).sample(cases, min(count, len(cases))) if count else cases
            for at, mode in chosen:
                _judge(result, root, _run(row, template, root, at, MODES[mode]), f"{mode} at {at}")
            yield result


def _judge(
    result: Result, root: Path, told: dict[str, Any], case: str
) -> None:  # what a worker tells, as JSON
    """Count a run and what did not hold after it."""
    result.runs += 1
    result.hit += bool(told["hits"] or told["kinds"])
    lines = told["said"].encode()
    sayings = parsed(lines)
    result.said += len(sayings)
    result.kinds.update(told["kinds"])
    trouble = told["trouble"] or wrong(root, newest(sayings).values(), {})
    left = [
        path.name
        for path in root.rglob("*")
        if path.name.startswith(BEGINNINGS) or path.name.endswith(ENDINGS)
    ]
    left += [path.name for path in (root / TEMPORARY).iterdir()]
    if not trouble and left:
        trouble = f"left behind: {', '.join(sorted(left))}"
    if trouble:
        result.wrong[f"{case}: {trouble}"] += 1


def _run(row: str, template: Path, root: Path, at: int, mode: int) -> dict[str, Any]:  # as JSON
    """One run in a worker of its own."""
    shutil.rmtree(root, ignore_errors=True)
    copy(template, root)
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(reading)
        _work(row, root, at, mode, writing)
    os.close(writing)
    with open(reading, "rb") as told:
        whole = told.read()
    os.waitpid(worker, 0)
    found: dict[str, Any] = json.loads(whole)
    return found


def _work(row: str, root: Path, at: int, mode: int, told: int) -> None:
    """Do the steps and tell what came of them; never returns."""
    said, kinds, trouble = b"", Counter[str](), ""
    try:
        preload.watch(root)
        tempfile.tempdir = str(root / TEMPORARY)
        os.mkdir(tempfile.tempdir)
        preload.arm(at, mode, errno.ENOSPC)
        for line in _done(row, root, kinds, at_once=mode == preload.ONCE):
            said += line
    except BaseException as error:
        trouble = f"{type(error).__name__}: {error}"
    finally:
        answer = {
            "said": said.decode(), "kinds": kinds, "trouble": trouble,
            "counted": preload.counted(), "hits": preload.hits(),
        }  # fmt: skip
        with open(told, "wb") as out:
            out.write(json.dumps(answer).encode())
        os._exit(0)


def _done(row: str, root: Path, kinds: Counter[str], *, at_once: bool = False) -> Iterator[bytes]:
    scenario, rest = ROWS[row]
    make = steps.made if scenario == "first_run" else steps.opened
    day = _again(lambda: make(root, 11), kinds, at_once)
    yield day.said("open").line()
    for step in rest:
        _again(lambda step=step: step(day), kinds, at_once, lambda step=step: _begun_anew(step, day))  # type: ignore[misc]
        yield day.said(step.__name__).line()
    _again(day.close, kinds, at_once)


def _begun_anew(step: steps.Step, day: Day) -> None:
    """The step once more; one that is about locks after a new start, which may have brought the new password about."""
    if step not in (steps.new_password, steps.new_locks):
        step(day)
        return
    wanted = following(day.password) if step is steps.new_password else day.password
    day.close()
    try:
        day.open()
    except (PasswordNeeded, PasswordWrong):
        day.password = wanted
        day.open()
    if day.password != wanted:
        step(day)


def _again(
    what: Callable[[], Day | None],
    kinds: Counter[str],
    at_once: bool,
    again: Callable[[], Day | None] | None = None,
) -> Day:
    """Do it, and once more with room where the disk was full; where there is room again at once, nobody can tell why."""
    again = again or what
    try:
        found = what()
        if (
            preload.hits()
        ):  # what could not be done was no part of what was asked for, like putting the log away
            kinds[BORNE] += 1
            preload.arm(0, 0)
    except CrmError as error:
        kinds[type(error).__name__] += 1
        if not isinstance(error, (DiskFull, ShopUnreachable, ShopBusy) if at_once else DiskFull):
            raise
        preload.arm(0, 0)
        found = again()
    return found  # type: ignore[return-value]
