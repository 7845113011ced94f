"""How fast a long task goes, in words, and that a busy one does not keep the window busy."""

from __future__ import annotations

import pytest

from desktop_crm.base.errors import Cancelled
from desktop_crm.ui.kit.progress import Pace, Progress


class Clock:
    """Seconds that grow when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_are_told_when_they_are_known() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.note(0, 100_000, "Reading") == ""
    clock.now = 0.5
    assert pace.note(5_000, 100_000, "Reading") == "5,000 of 100,000"
    clock.now = 2.0
    assert (
        pace.note(24_690, 100_000, "Reading") == "24,690 of 100,000 · 12,000 a second · about 6 seconds left"
    )
    clock.now = 4.0
    assert pace.note(100_000, 100_000, "Reading") == "100,000 of 100,000 · 25,000 a second"


def test_where_nobody_knows_how_many_there_are() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(1, 0)
    clock.now = 2.0
    assert pace.note(41, 0) == "41 so far · 20 a second"


def test_a_new_step_begins_anew_and_only_the_last_seconds_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(1, 1_000_000, "Reading")
    clock.now = 5.0
    assert pace.note(500_001, 1_000_000, "Reading").endswith("100,000 a second · about 5 seconds left")
    assert pace.note(10, 5_000, "Writing") == "10 of 5,000"
    clock.now = 9.0
    assert pace.note(50, 5_000, "Writing").endswith("10 a second · about 8 minutes left")
    clock.now = 12.0
    pace.note(53, 5_000, "Writing")
    clock.now = 18.5
    assert pace.note(60, 5_000, "Writing").split(" · ")[1:] == ["1 a second", "about 76 minutes left"]
    assert pace.note(1, 5_000, "Writing") == "1 of 5,000"


def test_many_reports_are_told_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("desktop_crm.ui.kit.progress.time.monotonic", clock)
    told: list[tuple[int, int, str]] = []
    progress = Progress(lambda *report: told.append(report))
    clock.now = 1.0
    for done in range(1000):
        progress.report(done, 2000, "a")
    assert told == [(0, 2000, "a")]
    progress.report(1000, 2000, "b")
    progress.report(2000, 2000, "b")
    clock.now = 2.0
    progress.report(1, 2, "b")
    assert told[1:] == [(1000, 2000, "b"), (2000, 2000, "b"), (1, 2, "b")]
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.report(2, 2, "b")
