"""Kills of a shop at work, counted by what it acknowledged: after so many steps, in the middle of the next.

This process forks a worker for each life; a life ends by SIGKILL, from outside after a moment, or from inside at one
chosen file operation where the recorder is loaded. Then the shop is opened and compared with the last word of the
worker; the next life goes on in it.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from desktop_crm.store.errors import PasswordNeeded, PasswordWrong
from tests.faults import preload, steps
from tests.faults.cuts import scratch
from tests.faults.said import Said, following, newest, parsed, wrong
from tests.faults.scenarios import SCENARIOS, copy
from tests.faults.spoiling import SPOILINGS

LIVES = 8
"""So often one shop is killed before another takes its place."""
_MOST_SAID = 5
_PATIENCE_S = 60.0
_DOING = b"doing "


@dataclass
class Result:
    """What became of so many kills.

    Attributes:
        kills: workers that died of SIGKILL. said: acknowledgements in all.
        during: step → how many were killed in it. done: step → how often it was acknowledged.
        wrong: what did not hold, each with how often.
    """

    kills: int = 0
    said: int = 0
    during: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Life:
    """How one worker lives.

    Attributes:
        seed: of what it does. ends_after: acknowledgements before its end.
        at_operation: it dies at this file operation that needs room, counted from then; 0: when the parent says so.
        pause_s: how long the parent waits.
        password: what opened the shop at last; the one after it may have come into force unacknowledged.
    """

    seed: int
    ends_after: int
    at_operation: int
    pause_s: float
    password: str


def kill(count: int, seed: int = 1, spoiling: str = "", *, until_wrong: bool = False) -> Result:
    """Kill so many workers and look at their shops."""
    result, rng = Result(), random.Random(seed)
    with scratch() as place:
        templates = _templates(Path(place))
        root, held, whole = Path(place) / "root", dict[str, Said](), set[str]()
        for number in range(count):
            if number % LIVES == 0:
                shutil.rmtree(root, ignore_errors=True)
                kind = "migration" if number // LIVES % 3 == 2 else "sale"
                copy(templates[kind], root)
                held = {}
            password = held[steps.SHOP].password if held else ""
            life = _life(rng, password, is_old=number % LIVES == 0 and kind == "migration")
            lines = _lived(root, life, result, spoiling)
            sayings = parsed(b"".join(line for line in lines if not line.startswith(_DOING)))
            _count(result, life, lines, sayings)
            held |= newest(sayings)
            trouble = wrong(root, held.values(), None, unfinished=_unfinished(lines), whole=whole)
            if trouble:
                result.wrong[trouble] += 1
                if until_wrong:
                    break
    return result


def _templates(place: Path) -> dict[str, Path]:
    made = {}
    for kind in ("sale", "migration"):
        made[kind] = place / kind
        made[kind].mkdir()
        SCENARIOS[kind].prepare(made[kind])
    # everything a worker needs is imported before the first fork
    rehearsal = place / "rehearsal"
    copy(made["migration"], rehearsal)
    list(steps.run(rehearsal, 1, (*steps.OFTEN, *steps.SELDOM)))
    return made


def _life(rng: random.Random, password: str, *, is_old: bool) -> Life:
    from_inside = preload.is_loaded() and rng.random() < 0.5
    ends_after = 0 if is_old else rng.randint(1, _MOST_SAID)
    most = 900 if is_old else 60
    return Life(
        rng.randrange(2**31),
        ends_after,
        rng.randint(1, most) if from_inside else 0,
        rng.random() * 0.04,
        password,
    )


def _lived(root: Path, life: Life, result: Result, spoiling: str) -> list[bytes]:
    """Everything a worker said until it was killed."""
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(reading)
        _work(root, life, writing, spoiling)
    os.close(writing)
    told, waits_until = b"", time.monotonic() + _PATIENCE_S
    while told.count(b"\n") - told.count(_DOING) < life.ends_after:
        told += _read(reading, waits_until)
    if life.at_operation == 0:
        time.sleep(life.pause_s)
        os.kill(worker, signal.SIGKILL)
    while more := _read(reading, waits_until):
        told += more
    os.close(reading)
    _worker, status = os.waitpid(worker, 0)
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        raise RuntimeError(f"a worker was not killed, it ended with {status}")
    result.kills += 1
    return told.splitlines(keepends=True)


def _read(handle: int, waits_until: float) -> bytes:
    ready, _writing, _failed = select.select([handle], [], [], max(0.0, waits_until - time.monotonic()))
    if not ready:
        raise RuntimeError("a worker says nothing any more")
    return os.read(handle, 1 << 16)


def _work(root: Path, life: Life, told: int, spoiling: str) -> None:
    """Work until killed; never returns."""
    try:
        said = 0
        if spoiling:
            SPOILINGS[spoiling]()
        if life.at_operation:
            preload.watch(root)
        if life.at_operation and life.ends_after == 0:
            preload.arm(life.at_operation, preload.DIE)
        os.write(told, _DOING + b"open\n")
        day = _open(root, life)
        os.write(told, day.said("open").line())
        while True:
            said += 1
            if life.at_operation and said == life.ends_after:
                preload.arm(life.at_operation, preload.DIE)
            step = day.rng.choice((*steps.OFTEN, *steps.SELDOM))
            os.write(told, _DOING + step.__name__.encode() + b"\n")
            step(day)
            os.write(told, day.said(step.__name__).line())
    except BaseException as error:
        os.write(2, f"a worker failed: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)


def _open(root: Path, life: Life) -> steps.Day:
    try:
        return steps.opened(root, life.seed, life.password)
    except (PasswordWrong, PasswordNeeded):
        return steps.opened(root, life.seed, following(life.password))


def _count(result: Result, life: Life, lines: list[bytes], sayings: list[Said]) -> None:
    if len(sayings) < life.ends_after:
        raise RuntimeError("a worker was killed before its time")
    result.said += len(sayings)
    result.done.update(said.step for said in sayings)
    result.during[_unfinished(lines) or "between two steps"] += 1


def _unfinished(lines: list[bytes]) -> str:
    """The step that was begun and not acknowledged."""
    last = lines[-1] if lines else b""
    return last[len(_DOING) :].decode().strip() if last.startswith(_DOING) else ""
