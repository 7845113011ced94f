"""Papers about people are asked for, counted and noted as every other export."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm import customer_list, history, staff
from desktop_crm.exporting import papers
from desktop_crm.history import Wanted
from desktop_crm.records.history import EXPORTS
from desktop_crm.reports import lists
from desktop_crm.reports.output import EndingUnknown
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_a_saved_list_is_an_export(lively: Shop, tmp_path: Path, ending: str) -> None:
    people = [line.id for line in customer_list.page(lively, "newest")]
    document = lists.customer_list(lively, people)
    assert papers.people_listed(document) == 3
    out = tmp_path / f"list.{ending}"
    assert papers.save(lively, document, out, 3).people == 3
    assert out.stat().st_size > 1000
    (step,) = history.steps(lively, Wanted(kind=EXPORTS))
    found = history.export_of(lively, step.id)
    assert found is not None
    assert (found.format, found.people, found.filter) == (ending, 3, "Customers")


def test_a_clerk_prints_and_takes_no_file_along(lively: Shop, tmp_path: Path) -> None:
    clerk = lively.at_counter(staff.add(lively, "小王"))
    with pytest.raises(NotAllowed):
        papers.save(clerk, lists.due_list(clerk), tmp_path / "list.pdf", 1)
    with pytest.raises(EndingUnknown):
        papers.save(lively, lists.due_list(lively), tmp_path / "list.doc", 1)
    assert list(tmp_path.glob("*list*")) == []
