"""Random changes and their undoing: everything undone is the start again, row for row; everything redone the end.

Also two people at one shop, each with only their own Ctrl+Z, and steps undone in any order from History: nothing
breaks, and whatever stays is explained. What can be done stands in undo_actions.py.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from desktop_crm import history, integrity, search, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.history import CannotUndo, Left, NothingToUndo, Undone
from desktop_crm.importing import plan as importing
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from tests.conftest import NOW
from tests.importing.sheets import workbook
from tests.undo_actions import ACTIONS, NAMES, attempt

Rows = list[tuple[Any, ...]]  # columns have several types
QUERIES = (*NAMES, "wang", "ln", "0571", "8001", "VIP1", "wx1")
DONE = st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 999)), min_size=1, max_size=5)
"""What is done next: actions with the seed of their random values."""
CONSISTENT = ("references", "search", "figures")


def snapshot(shop: Shop) -> dict[str, Rows]:
    """Everything a person entered, row for row, and what is reckoned from it."""
    tables = (*journal.TABLES, "customer_figures")
    found = {table: shop.db.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables}
    counts = shop.db.rows("SELECT * FROM customer_counts WHERE customers <> 0 ORDER BY 1")
    return {**found, "customer_counts": counts}


def answers(shop: Shop) -> dict[str, list[int]]:
    """Whom the search finds."""
    return {query: [hit.customer_id for hit in search.find(shop, query).hits] for query in QUERIES}


def differences(one: dict[str, Rows], other: dict[str, Rows]) -> dict[str, tuple[Rows, Rows]]:
    """Rows that are on one side only."""
    return {
        table: (
            [row for row in rows if row not in other[table]],
            [row for row in other[table] if row not in rows],
        )
        for table, rows in one.items()
        if rows != other[table]
    }


def consistent(shop: Shop) -> None:
    assert [found for found in integrity.check(shop) if found.key in CONSISTENT] == []


class Counter(RuleBasedStateMachine):
    """A shop of its own for each run."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FixedClock(NOW)
        self.shop = Shop.open(Path(shutil.copytree(template, self.folder / "shop")), self.clock)
        staff.add(self.shop, "李娜")
        staff.add(self.shop, "张强")
        for seed in range(4):
            attempt(self.shop, "add_customer", seed)
        self.mark = journal.last_id(self.shop.db)

    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            self.shop.close()
            shutil.rmtree(self.folder)

    def finish(self) -> None:
        """What must hold at the end."""


class OneClerk(Counter):
    """One person: all undone is the start, all redone the end."""

    def __init__(self, template: Path) -> None:
        super().__init__(template)
        self.start, self.found = snapshot(self.shop), answers(self.shop)

    @rule(done=DONE)
    def act(self, done: list[tuple[str, int]]) -> None:
        for name, seed in done:
            attempt(self.shop, name, seed)

    @rule()
    def change_ones_mind(self) -> None:
        if self.next_undo() and history.undo(self.shop).left == ():
            history.redo(self.shop)

    @rule()
    def undo(self) -> None:
        if self.next_undo():
            assert history.undo(self.shop).left == ()

    def next_undo(self) -> bool:
        found = history.next_undo(self.shop)
        return found is not None and found.id > self.mark

    def finish(self) -> None:
        end, found = snapshot(self.shop), answers(self.shop)
        count = 0
        while self.next_undo():
            assert history.undo(self.shop).left == ()
            count += 1
        assert differences(snapshot(self.shop), self.start) == {}
        assert answers(self.shop) == self.found
        consistent(self.shop)
        for _step in range(count):
            assert history.redo(self.shop).left == ()
        assert differences(snapshot(self.shop), end) == {}
        assert answers(self.shop) == found
        consistent(self.shop)


class TwoClerks(Counter):
    """Two people and the History page: only own steps by Ctrl+Z, and whatever stays is explained."""

    @rule(done=DONE, who=st.integers(1, 2))
    def act(self, done: list[tuple[str, int]], who: int) -> None:
        for name, seed in done:
            attempt(self.at(who), name, seed)

    @rule(who=st.integers(1, 2))
    def undo(self, who: int) -> None:
        found = history.next_undo(self.at(who))
        self.try_to(lambda: history.undo(self.at(who)))
        assert found is None or found.staff_id == who

    @rule(who=st.integers(1, 2))
    def redo(self, who: int) -> None:
        found = history.next_redo(self.at(who))
        self.try_to(lambda: history.redo(self.at(who)))
        assert found is None or found.staff_id == who

    @rule(place=st.integers(0, 30), who=st.integers(1, 2))
    def undo_from_history(self, place: int, who: int) -> None:
        steps = [step for step in history.changes(self.shop) if step.id > self.mark]
        if steps:
            step = steps[place % len(steps)]
            if step.undone_by is None:
                self.try_to(lambda: history.undo(self.at(who), step.id))
            else:
                self.try_to(lambda: history.redo_of(self.at(who), step.id))

    def at(self, who: int) -> Shop:
        return self.shop.at_counter(who)

    def try_to(self, do: Any) -> None:  # a function that undoes or redoes
        try:
            done: Undone = do()
        except NothingToUndo:
            return
        except CannotUndo as error:
            self.check(error.left)
        else:
            assert done.left_count == len(done.left)
            self.check(done.left)

    def check(self, left: Sequence[Left]) -> None:
        for each in left:
            assert each.words
            assert "None" not in each.words

    @invariant()
    def every_reference_holds(self) -> None:
        assert self.shop.db.rows("PRAGMA foreign_key_check") == []

    def finish(self) -> None:
        consistent(self.shop)
        for step in history.changes(self.shop):
            history.row_changes(self.shop, step.id)
        for (customer_id,) in self.shop.db.rows("SELECT id FROM customers"):
            assert history.of_card(self.shop, customer_id)


def run(machine: type[Counter], template: Path, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: machine(template),  # type: ignore[arg-type]  # documented to take a callable
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_all_undone_is_the_start_and_all_redone_the_end(template: Path) -> None:
    run(OneClerk, template, 9, 25)


def test_two_people_undo_only_their_own_and_what_stays_is_explained(template: Path) -> None:
    run(TwoClerks, template, 9, 25)


def test_an_import_in_between_is_undone_and_redone_with_the_rest(shop: Shop, tmp_path: Path) -> None:
    names = sorted(ACTIONS)
    for seed in range(6):
        attempt(shop, "add_customer", seed)
    mark, start = journal.last_id(shop.db), snapshot(shop)
    for seed in range(20):
        attempt(shop, names[seed * 7 % len(names)], seed)
    head = ["姓名", "手机", "标签", "微信", "来源", "机型"]
    rows = [
        [f"客户{place}", f"1380571{place:04d}", "VIP", f"wx{place}", "抖音", "iPhone 17"]
        for place in range(60)
    ]
    plan = importing.rehearse(shop, workbook(tmp_path / "list.xlsx", ("客户", [head, *rows])))
    assert importing.apply(shop, plan) is not None
    plan.close()
    for seed in range(40):
        attempt(shop, names[seed * 5 % len(names)], seed)
    end, count = snapshot(shop), 0
    while (found := history.next_undo(shop)) is not None and found.id > mark:
        assert history.undo(shop).left == ()
        count += 1
    assert differences(snapshot(shop), start) == {}
    consistent(shop)
    for _step in range(count):
        assert history.redo(shop).left == ()
    assert differences(snapshot(shop), end) == {}
    consistent(shop)
