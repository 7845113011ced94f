"""Commands about what was done: the list, taking back, doing again."""

from __future__ import annotations

import click

from desktop_crm import history, staff
from desktop_crm.cli.shared import Shared, answer, command, opened, plain


@command("history")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def list_history(shared: Shared, limit: int) -> None:
    """List what was done by whom, newest first."""
    with opened(shared) as shop:
        rows = [
            {
                "change_id": change.id,
                "label": change.label,
                "at": change.at,
                "by": staff.name_of(shop, change.staff_id),
                "kinds": [kind for kind in change.kinds.split(",") if kind],
                "undone": change.undone_by is not None,
            }
            for change in history.changes(shop, limit)
        ]
    lines = [f"{row['change_id']:>6}  {row['at']}  {row['by']}  {row['label']}" for row in rows]
    answer(shared, {"changes": rows}, lines)


@command("undo")
@click.argument("change_id", type=int, required=False)
def undo(shared: Shared, change_id: int | None) -> None:
    """Take a change back: the given one, or your latest of today."""
    with opened(shared) as shop:
        done = history.undo(shop, change_id)
    answer(shared, plain(done), [done.sentence()])


@command("redo")
def redo(shared: Shared) -> None:
    """Do again what was undone last."""
    with opened(shared) as shop:
        done = history.redo(shop)
    answer(shared, plain(done), [done.sentence()])
