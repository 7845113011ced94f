"""What can be wrong with one cell; results, not exceptions."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from desktop_crm.base.i18n import _
from desktop_crm.files.merged import text_within
from desktop_crm.files.reading import Error

Level = Literal["bad", "order", "hint"]


class Trouble(NamedTuple):
    """What a cell's reader answers instead of a value.

    Attributes:
        level: "bad" cannot be read; "order" day and month may be swapped (value: {order: day}); "hint" can be used
            as `value`, but the person should know.
        reason: a whole sentence for the person.
        value: what to go on with; "" for nothing.
        keep: what was written becomes a line of the note, so that nothing is lost.
    """

    level: Level
    reason: str
    value: Any = ""  # whatever the field's reader gives
    keep: bool = False


def error_cell(cell: Error) -> Trouble:
    """A cell whose formula failed, or was saved without its value."""
    if cell.code == "=?":
        return Trouble(
            "bad",
            _("A formula was saved without its result; open and save the file in the spreadsheet program."),
            "",
        )
    if number := text_within(cell):
        told = _(
            "{number} stands in a cell that is merged over several rows; write what belongs to each row."
        )
        return Trouble("bad", told.format(number=number), "")
    return Trouble("bad", _("The formula shows {code} instead of a value.").format(code=cell.code), "")
