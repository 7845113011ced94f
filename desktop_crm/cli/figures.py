"""Commands for numbers: the figures of a period, and the printable report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from desktop_crm import audit, kpis
from desktop_crm.base.dates import Period
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show as show_value
from desktop_crm.cli.shared import NEW_FILE, Shared, answer, as_of_option, command, opened, period_option
from desktop_crm.reports import monthly, output

_SHOWN = (
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "previous",
    "last_year",
    "target",
    "note",
    "parts",
)


@command("kpis")
@period_option()
@as_of_option()
def figures(shared: Shared, period: Period, as_of: date | None) -> None:
    """Print the figures of a period."""
    with opened(shared) as shop:
        found = kpis.all(shop, period, as_of)
        known = kpis.known_at(shop, period, as_of)
    result = {
        "period": {"start": period.start, "end": period.end},
        "as_of": known,
        "kpis": {key: {name: getattr(kpi, name) for name in _SHOWN} for key, kpi in found.items()},
    }
    lines = [f"{kpi.label}: {show_value(kpi.value, kpi.unit)}  {kpi.note}".rstrip() for kpi in found.values()]
    answer(shared, result, lines)


@command("report")
@period_option()
@click.option("-o", "--out", required=True, type=NEW_FILE, help="A .pdf or .xlsx file.")
@as_of_option()
def report(shared: Shared, period: Period, out: Path, as_of: date | None) -> None:
    """Save the printable report of a period as PDF or workbook."""
    with opened(shared) as shop:
        shop.require("export")
        document = monthly.make(shop, period, as_of)
        pages = output.save(document, out)
        audit.printed(shop, document.title, file=out.name)
    answer(shared, {"file": out, "pages": pages}, [_("The report is in {file}.").format(file=out)])
