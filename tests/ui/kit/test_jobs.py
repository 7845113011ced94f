"""The threading layer: where things run, which answer counts, what is told to whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.alone import Alone
from desktop_crm.ui.kit.jobs import Jobs, Progress


@pytest.fixture
def jobs(shop: Shop, qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs(shop)
    yield made
    made.close()


def rename(name: str, shop: Shop) -> str:
    with shop.change(f"Rename to {name}", {"settings"}):
        shop.put(SHOP_NAME, name)
    return threading.current_thread().name


def test_a_question_runs_elsewhere_and_is_answered_here(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[tuple[str, str]] = []
    jobs.query(
        lambda shop: (threading.current_thread().name, shop.get(SHOP_NAME)),
        lambda answer: told.append((answer[0], threading.current_thread().name)),
    )
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0].startswith("reader-")
    assert told[0][1] == threading.main_thread().name
    assert not jobs.is_busy


def test_the_newest_question_of_a_key_wins(jobs: Jobs, qtbot: QtBot) -> None:
    started, gate = threading.Event(), threading.Event()
    told: list[str] = []

    def wait(_shop: Shop) -> bool:
        started.set()
        return gate.wait(5)

    jobs.query(wait, lambda _answer: told.append("old"), key="search")
    assert started.wait(5), "the old question is on its way when the new one is asked"
    jobs.query(lambda _shop: "never run", lambda _answer: told.append("middle"), key="search")
    jobs.query(lambda _shop: "new", lambda _answer: told.append("new"), key="search")
    gate.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert told == ["new"]


def test_a_question_can_be_forgotten(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[int] = []
    jobs.query(lambda _shop: 1, told.append, key="search")
    jobs.forget("search")
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert told == []


def test_changes_run_one_after_another_on_the_writer(jobs: Jobs, shop: Shop, qtbot: QtBot) -> None:
    threads: list[str] = []
    for name in ("A", "B", "C"):
        jobs.change(partial(rename, name), threads.append)
    qtbot.waitUntil(lambda: len(threads) == 3)
    assert threads == ["writer"] * 3
    assert shop.get(SHOP_NAME) == "C"


def test_a_change_tells_its_kinds_and_initiator_before_it_is_done(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[object] = []
    page = object()
    jobs.changed.connect(lambda kinds, initiator: order.append((kinds, initiator)))
    jobs.change(partial(rename, "A"), lambda _thread: order.append("done"), initiator=page)
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [(frozenset({"settings"}), page), "done"]


def test_a_change_that_writes_nothing_tells_nobody(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[object] = []
    jobs.changed.connect(lambda kinds, _initiator: heard.append(kinds))
    with qtbot.waitSignal(jobs.change(lambda shop: shop.get(SHOP_NAME)).ended):
        pass
    assert heard == []


def test_own_changes_are_no_news_but_those_of_others_are(
    jobs: Jobs, shop: Shop, clock: FixedClock, qtbot: QtBot
) -> None:
    heard: list[object] = []
    with qtbot.waitSignal(jobs.changed):
        jobs.change(partial(rename, "mine"))
    jobs.changed.connect(lambda kinds, initiator: heard.append((kinds, initiator)))
    jobs.look_for_news()
    assert heard == []
    other = Shop.open(Path(shop.folder), clock)
    rename("theirs", other)
    other.close()
    jobs.look_for_news()
    assert heard == [(frozenset({"settings"}), None)]


def test_a_known_failure_goes_to_on_error_or_to_everybody(jobs: Jobs, qtbot: QtBot) -> None:
    def fail(_shop: Shop) -> int:
        raise CrmError("No such customer.")

    own: list[str] = []
    jobs.query(fail, lambda _answer: None, on_error=lambda error: own.append(str(error)))
    qtbot.waitUntil(lambda: own == ["No such customer."])
    with qtbot.waitSignal(jobs.failed) as failed:
        jobs.change(fail)
    assert str(failed.args[0]) == "No such customer."


def test_a_bug_is_told_as_a_bug(jobs: Jobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.crashed) as crashed:
        jobs.query(lambda _shop: 1 // 0, lambda _answer: None, on_error=lambda _error: None)
    assert isinstance(crashed.args[0], ZeroDivisionError)


class Owner(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[int] = []

    def take(self, answer: int) -> None:
        self.told.append(answer)


@pytest.mark.parametrize("shape", ["method", "lambda", "partial", "partial argument"])
def test_the_answer_for_a_destroyed_owner_is_dropped(jobs: Jobs, qtbot: QtBot, shape: str) -> None:
    told: list[int] = []
    owner = Owner()
    owner.told = told
    callbacks: dict[str, Callable[[int], object]] = {
        "method": owner.take,
        "lambda": lambda answer: owner.take(answer),
        "partial": partial(owner.take),
        "partial argument": partial(Owner.take, owner),
    }
    gate = threading.Event()
    jobs.query(lambda _shop: int(gate.wait(5)), callbacks[shape])
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert told == []


def test_a_long_change_shows_its_progress_and_can_be_cancelled(jobs: Jobs, shop: Shop, qtbot: QtBot) -> None:
    def work(shop: Shop, progress: Progress) -> None:
        with shop.change("Rename slowly", {"settings"}):
            shop.put(SHOP_NAME, "half done")
            for step in range(10_000):
                progress.report(step, 10_000, "renaming")
                threading.Event().wait(0.005)

    with qtbot.waitSignal(jobs.took_long, timeout=3000) as long:
        job = jobs.change(work, title="Renaming…")
    assert long.args[0] is job
    with qtbot.waitSignal(job.progressed) as progressed:
        pass
    assert progressed.args[1:] == [10_000, "renaming"]
    with qtbot.waitSignal(jobs.cancelled) as cancelled:
        job.cancel()
    assert cancelled.args == ["Renaming…"]
    assert shop.get(SHOP_NAME) == "星河手机店"


def test_a_short_task_shows_no_progress(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[int] = []
    with qtbot.assertNotEmitted(jobs.took_long, wait=800):
        jobs.query(lambda _shop, _progress: 1, told.append, title="Short")
    assert told == [1]


def test_closing_finishes_waiting_changes_and_takes_no_new_ones(shop: Shop, qtbot: QtBot) -> None:
    jobs = Jobs(shop)
    for name in ("A", "B", "C"):
        jobs.change(partial(rename, name))
    jobs.close()
    jobs.close()
    assert shop.get(SHOP_NAME) == "C"
    assert jobs.query(lambda _shop: 1, lambda _answer: None).is_over
    jobs.look_for_news()


def test_another_person_at_the_counter_stands_on_later_changes(jobs: Jobs, shop: Shop, qtbot: QtBot) -> None:
    jobs.use(shop.at_counter(7))
    told: list[int | None] = []
    jobs.query(lambda shop: shop.staff_id, told.append)
    qtbot.waitUntil(lambda: told == [7])


def test_a_task_alone_gives_its_result_or_its_failure(qtbot: QtBot) -> None:
    parent = QObject()

    def half_way(progress: Progress) -> str:
        progress.report(1, 2, "half")
        return "made"

    good = Alone("Making", half_way, parent)
    with qtbot.waitSignals([good.job.progressed, good.done]):
        good.start()
    good.wait()

    def fail(_progress: Progress) -> None:
        raise CrmError("The disk is full.")

    bad = Alone("Making", fail, parent)
    with qtbot.waitSignal(bad.failed) as failed:
        bad.start()
    assert str(failed.args[0]) == "The disk is full."
    buggy = Alone("Making", lambda _progress: 1 // 0, parent)
    with qtbot.waitSignal(buggy.crashed):
        buggy.start()
    stopped = Alone("Making", lambda progress: progress.report(1, 2), parent)
    stopped.job.cancel()
    with qtbot.waitSignal(stopped.cancelled):
        stopped.start()
