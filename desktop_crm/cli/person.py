"""Commands about a person's rights: everything held about them as a paper, and erasing them for good."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_crm import masks, person
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money
from desktop_crm.cli.shared import NEW_FILE, Shared, answer, command, opened, plain
from desktop_crm.person import Preview


@command("personal-data")
@click.argument("customer_id", type=int)
@click.option("-o", "--out", required=True, type=NEW_FILE, help="A .pdf or .xlsx file.")
def personal_data(shared: Shared, customer_id: int, out: Path) -> None:
    """Save everything that is held about a person as PDF or workbook."""
    from desktop_crm.exporting import papers  # pulls in the writers of every format
    from desktop_crm.reports import output
    from desktop_crm.reports import person as report

    with opened(shared) as shop:
        document = report.document(shop, customer_id)
        papers.save(shop, document, out, 1)
    pages = output.page_count(output.content(document, ".pdf"))
    answer(shared, {"file": out, "pages": pages}, [_("Everything held is in {file}.").format(file=out)])


@command("erase")
@click.argument("customer_id", type=int)
@click.option("--yes", is_flag=True, help="Do it for good, instead of only showing what would go.")
def erase(shared: Shared, customer_id: int, yes: bool) -> None:
    """Show what erasing a person would do, or do it; it can never be undone."""
    with opened(shared) as shop:
        found = masks.veil(shop, person.preview(shop, customer_id))
        done = person.erase(shop, customer_id) if yes else None
    if done is None:
        answer(shared, {"preview": plain(found), "erased": None}, _lines(found))
    else:
        said = _("Erased for good: card no. {number}.").format(number=done.customer_id)
        answer(shared, {"preview": None, "erased": plain(done)}, [said])


def _lines(found: Preview) -> list[str]:
    lines = [_("{name} · card no. {number}").format(name=found.name, number=found.customer_id)]
    lines += [_("Goes: {what}: {count}").format(what=what, count=count) for what, count in found.goes]
    lines += [
        _("Stays, of nobody: {what}: {count}").format(what=what, count=count) for what, count in found.stays
    ]
    if found.net_fen:
        lines.append(_("Sales of {sum}").format(sum=show_money(found.net_fen)))
    lines += [_("Named elsewhere: “{text}”").format(text=text) for text in found.mentions]
    lines += found.cautions
    return [*lines, _("Nothing was changed. With --yes the person is erased, and nothing brings them back.")]
