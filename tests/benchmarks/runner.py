"""Interleaved repeats of a subject and its peer, each a process of its own; medians as ratios.

A side is a function of a family that measures seconds inside itself, so that set-up does not count; it is run by
`python -m tests.benchmarks.sides FAMILY.SIDE ARGUMENT…`, which prints them with the peak memory (VmHWM, see proc(5):
what a process inherits from its parent is not in it). Sides take turns, so that a machine that slows down slows both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import large


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: its name, and FAMILY.SIDE with its arguments."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A comparison.

    Attributes:
        name: what is compared. subject / peer: the two sides.
        time_limit: the most that subject seconds / peer seconds may be (median of the pairs).
        memory_limit: the most that subject peak / peer peak may be, None where it is only reported.
        repeats: pairs that count; one more goes first to warm up.
    """

    name: str
    subject: Side
    peer: Side
    time_limit: float
    memory_limit: float | None = None
    repeats: int = 5


@dataclass(frozen=True)
class Measured:
    """What a side measured: the seconds that are compared, and others by name that are only reported.

    Attributes:
        peak_mib: the most memory it needed, where other processes count too; None takes what this one needed.
    """

    seconds: float
    parts: Mapping[str, float] = field(default_factory=dict)
    peak_mib: float | None = None


@dataclass(frozen=True)
class Reading:
    """One run of one side: what it measured, peak resident memory in MiB."""

    seconds: float
    peak_mib: float
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Medians of a case's pairs and whether its named ratios hold."""

    case: Case
    subject: Reading
    peer: Reading
    time_ratio: float
    memory_ratio: float

    @property
    def holds(self) -> bool:
        """Whether no named ratio was missed."""
        memory = self.case.memory_limit
        return self.time_ratio <= self.case.time_limit and (memory is None or self.memory_ratio <= memory)

    def lines(self) -> list[str]:
        """The result for a person."""
        case, memory = self.case, self.case.memory_limit
        allowed = "reported only" if memory is None else f"at most {memory:g}"
        parts = [
            f"         {name:28} {1000 * seconds:10.3f} ms"
            + (f"   against {1000 * self.peer.parts[name]:10.3f} ms" if name in self.peer.parts else "")
            for name, seconds in self.subject.parts.items()
        ]
        return [
            f"{'ok    ' if self.holds else 'MISSED'} {case.name}",
            f"       time   {self.time_ratio:8.4f} × {case.peer.name} (at most {case.time_limit:g})"
            f"   {_seconds(self.subject.seconds)} against {_seconds(self.peer.seconds)}",
            f"       memory {self.memory_ratio:8.4f} × ({allowed})"
            f"   {self.subject.peak_mib:.0f} MiB against {self.peer.peak_mib:.0f} MiB",
            *parts,
        ]


class Shops:
    """Large shops, made when first asked for, in a folder that may keep them for the next run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def large(self, customers: int) -> Path:
        """The folder of a shop with so many customers."""
        place = self.folder / str(customers)
        if not place.exists():
            large.make(place, customers)
        return place


def run(case: Case) -> Result:
    """Run the pairs of a case and take the medians."""
    pairs: list[tuple[Reading, Reading]] = []
    for _number in range(case.repeats + 1):
        pairs.append((measure(case.subject), measure(case.peer)))
    counted = pairs[1:]
    return Result(
        case,
        _median([subject for subject, _peer in counted]),
        _median([peer for _subject, peer in counted]),
        statistics.median(subject.seconds / peer.seconds for subject, peer in counted),
        statistics.median(subject.peak_mib / peer.peak_mib for subject, peer in counted),
    )


def measure(side: Side) -> Reading:
    """Run one side once."""
    command = [sys.executable, "-m", "tests.benchmarks.sides", *side.arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as out:
        status = subprocess.run(command, stdout=out, env=environment, check=False).returncode
        if status != 0:
            raise RuntimeError(f"{side.name} ended with {status}")
        out.seek(0)
        answer = json.loads(out.read().strip().splitlines()[-1])
    return Reading(answer["seconds"], answer["peak_mib"], answer["parts"])


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(function: Callable[..., object], *arguments: object) -> float:
    """Seconds that one call takes."""
    begin = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begin


def _median(readings: Sequence[Reading]) -> Reading:
    return Reading(
        statistics.median(reading.seconds for reading in readings),
        statistics.median(reading.peak_mib for reading in readings),
        {name: statistics.median(reading.parts[name] for reading in readings) for name in readings[0].parts},
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds >= 1 else f"{1000 * seconds:.3f} ms"
