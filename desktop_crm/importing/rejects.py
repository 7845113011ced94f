"""Bad rows go back to the person: their own workbook with those rows only, and a red column of reasons.

Which rows are bad is decided elsewhere; how the workbook is made is files/rejects.py's business.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files import reading, rejects
from desktop_crm.files.sniff import stamp_of
from desktop_crm.files.wire import Cell
from desktop_crm.importing.columns import REJECT_HEADING, is_reject
from desktop_crm.importing.rehearsal import Plan
from desktop_crm.store import rejects as store

_LOG = logging.getLogger(__name__)


def write_rejects(plan: Plan, out: Path) -> int:
    """Write the bad rows as the person's own workbook and a red column with the reasons; return how many.

    An .xlsx comes back with its titles, widths, formats and colours, an .xls with most of them, everything else as a
    plain workbook. Mended, the file can be imported as it is: the reason column is left alone.

    Raises:
        CrmError: there is no place to write to.
    """
    column = next(
        (column.place + 1 for column in plan.layout.columns if is_reject(column.title)),
        max(len(plan.layout.columns), store.widest(plan.staging)) + 1,
    )
    heading = _(REJECT_HEADING)
    reasons = ((row, why) for row, why, _raw in store.bad_rows(plan.staging))
    try:
        rejects.copy(out, plan.source, plan.sheet, plan.layout.header_row, column, heading, reasons)
        return plan.counts["bad"]
    except rejects.NotCopied as error:
        _LOG.info("rejects are written plainly: %s", type(error.__cause__).__name__)
    bad = ((_without(json.loads(raw), column), why) for _row, why, raw in store.bad_rows(plan.staging))
    rejects.write(out, plan.source, plan.sheet or plan.path.stem, _head(plan), bad, heading, column)
    return plan.counts["bad"]


def _without(cells: list[Cell], column: int) -> list[Cell]:
    """Cells without the reason of an earlier time."""
    return [None if place == column - 1 else cell for place, cell in enumerate(cells)]


def _head(plan: Plan) -> list[list[Cell]]:
    """The rows down to the headings as they stand in the file; only the headings where it cannot be read any more."""
    return list(_rows_above(plan)) or [[column.title for column in plan.layout.columns]]


def _rows_above(plan: Plan) -> Iterator[list[Cell]]:
    source = plan.source
    if stamp_of(source.path) != source.stamp:
        return
    try:
        book = reading.look(
            source.path,
            encoding=source.encoding or None,
            separator=source.separator or None,
            password=source.password,
            rows=plan.layout.skip,
        )
    except CrmError:
        return  # it could be read before; what is known of it is given back all the same
    number = 0
    for row in next((sheet.rows for sheet in book.sheets if sheet.name == plan.sheet), ()):
        while (number := number + 1) < row.number:
            yield []
        yield row.cells
