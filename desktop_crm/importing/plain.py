"""Any cell as plain text, before anybody asks what it means; what words mean that there is nothing.

What a cell means in its column is cleaning.py's, codes.py's and days.py's business.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from desktop_crm.base.values import clean_text
from desktop_crm.files.cells import without_prefix
from desktop_crm.files.merged import text_within
from desktop_crm.files.reading import Cell, Error

NOTHING = {
    "",
    "-",
    "--",
    "—",
    "/",
    "\\",
    "无",
    "暂无",
    "没有",
    "未知",
    "不详",
    "未填",
    "空",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "\\n",
}
"""What people write for nothing."""
_SHEET_SIGNS = re.compile(r"^(?:=\"([^\"]*)\"|'([+\d０-９].*))$")


def text_of(cell: Cell) -> str:
    """Any cell as clean text, numbers without a needless “.0”; the prefix that exports add is taken off."""
    if isinstance(cell, str):
        if cell.isprintable() and cell[:1] not in " '" and cell[-1:] != " ":
            return cell
        return clean_text(without_prefix(cell.lstrip(" ")))
    if cell is None:
        return ""
    if isinstance(cell, Error):
        return text_within(cell) or cell.code
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return clean_text(str(cell))


def unprefixed(text: str) -> str:
    """A number's text without the ="…" or ' by which people keep a spreadsheet from touching its digits."""
    found = _SHEET_SIGNS.match(text.strip())
    return text if found is None else found[1] or found[2]
