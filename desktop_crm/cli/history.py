"""Commands about what was done: the list, taking back, doing again."""

from __future__ import annotations

from datetime import date

import click

from desktop_crm import history, masks
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.cli.shared import Shared, answer, command, day_option, opened, plain
from desktop_crm.history import Undone, Wanted


@command("history")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--people", is_flag=True, help="Leave out what the program did by itself.")
@click.option("--text", default="", help="Only steps with these words.")
@day_option("--day", "Only steps of this day.")
def list_history(shared: Shared, limit: int, people: bool, text: str, day: date | None) -> None:
    """List what was done by whom, newest first."""
    with opened(shared) as shop:
        wanted = Wanted(people=people, text=text, day=str(day or ""))
        found = masks.veil(shop, history.steps(shop, wanted, limit))
    rows = [
        {
            "change_id": step.id,
            "label": step.change.label,
            "at": step.change.at,
            "by": step.who,
            "kinds": [kind for kind in step.change.kinds.split(",") if kind],
            "undone": step.change.undone_by is not None,
        }
        for step in found
    ]
    lines = [
        f"{step.id:>6}  {step.when}  {step.who or MISSING}  {step.change.label}{_undone_words(step)}"
        for step in found
    ]
    answer(shared, {"changes": rows}, lines)


@command("changes")
@click.argument("change_id", type=int)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def list_changes(shared: Shared, change_id: int, limit: int) -> None:
    """Show what a change changed, from what to what."""
    with opened(shared) as shop:
        rows = masks.veil(shop, history.row_changes(shop, change_id, limit))
    lines = [line for row in rows for line in row.lines()]
    answer(shared, {"rows": plain(rows)}, lines)


@command("undo")
@click.argument("change_id", type=int, required=False)
def undo(shared: Shared, change_id: int | None) -> None:
    """Take a change back: the given one, or your latest of today."""
    with opened(shared) as shop:
        done = masks.veil(shop, history.undo(shop, change_id))
    _tell(shared, done)


@command("redo")
def redo(shared: Shared) -> None:
    """Do again what was undone last."""
    with opened(shared) as shop:
        done = masks.veil(shop, history.redo(shop))
    _tell(shared, done)


def _tell(shared: Shared, done: Undone) -> None:
    """What happened, and in a line each what stayed as it is."""
    stayed = [f"  {left.words}" for left in done.left] if done.left_count > 1 else []
    answer(shared, plain(done), [done.sentence(), *stayed])


def _undone_words(step: history.Step) -> str:
    return f"  ({_('undone')})" if step.change.undone_by is not None else ""
