"""The audit trail as a file: for those who may, noted as every other export, with the anchor in it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from desktop_crm import audit, customers, history, staff
from desktop_crm.audit_list import AuditWanted
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft
from desktop_crm.exporting import audit as exporting
from desktop_crm.exporting.orders import FormatUnknown
from desktop_crm.history import CannotUndo, Wanted
from desktop_crm.records.history import EXPORTS
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@pytest.fixture
def looked_at(shop: Shop) -> Shop:
    """A shop whose owner added a customer and looked at the number."""
    owner = shop.at_counter(staff.add(shop, "王伟", "owner"))
    who = customers.add(owner, CustomerDraft(name="李芳"))
    audit.note(owner, "reveal", customer_id=who, details={"label": "Looked at 138****8866"})
    return owner


def test_a_workbook_has_every_entry_and_the_anchor(looked_at: Shop, tmp_path: Path) -> None:
    anchor = audit.anchor(looked_at)
    count = int(anchor.partition("-")[0])
    told: list[tuple[int, int]] = []
    result = exporting.save(
        looked_at, AuditWanted(), tmp_path / "trail.xlsx", lambda *done: told.append(done)
    )
    assert (result.rows, result.people, told[0]) == (count, 1, (0, count))
    book = openpyxl.load_workbook(result.file)
    head, first, *_rest = book.worksheets[0].iter_rows(values_only=True)
    assert head == ("No.", "When", "By whom", "What", "In words", "Customers", "Step of History", "Hash")
    assert first[0] == count
    assert first[2:6] == ("王伟", "Looked at", "Looked at 138****8866", "李芳")
    assert anchor in [value for row in book.worksheets[1].iter_rows(values_only=True) for value in row]


def test_it_is_a_step_that_cannot_be_undone_and_an_entry_itself(looked_at: Shop, tmp_path: Path) -> None:
    exporting.save(looked_at, AuditWanted(from_day="2026-11-21", actions=("reveal",)), tmp_path / "trail.csv")
    text = (tmp_path / "trail.csv").read_text("utf-8-sig").splitlines()
    assert len(text) == 2
    assert "Looked at 138****8866" in text[1]
    (step,) = history.steps(looked_at, Wanted(kind=EXPORTS))
    assert step.change.label == "Take out the audit trail: 1 entry in trail.csv"
    record = history.export_of(looked_at, step.id)
    assert record is not None
    assert (record.kind, record.format, record.people) == ("audit", "csv", 1)
    assert record.filter == "From 2026-11-21; Only some kinds of entries"
    with pytest.raises(CannotUndo):
        history.undo(looked_at, step.id)
    last = looked_at.db.value("SELECT action FROM audit ORDER BY id DESC LIMIT 1")
    assert last == "export"


def test_a_filter_is_told_without_what_was_typed(looked_at: Shop, tmp_path: Path) -> None:
    which = AuditWanted(staff_id=looked_at.staff_id, to_day="2026-11-30", text="李芳", customer_id=1)
    exporting.save(looked_at, which, tmp_path / "trail.csv")
    record = history.export_of(looked_at, history.steps(looked_at, Wanted(kind=EXPORTS))[0].id)
    assert record is not None
    assert record.filter == (
        "Until 2026-11-30; Only entries of one person; Only entries with certain words; Only entries about one customer"
    )


def test_a_failure_writes_nothing_and_notes_nothing(looked_at: Shop, tmp_path: Path) -> None:
    before = audit.anchor(looked_at)
    with pytest.raises(FormatUnknown):
        exporting.save(looked_at, AuditWanted(), tmp_path / "trail.pdf")
    (tmp_path / "trail.csv").mkdir()
    with pytest.raises(CrmError):
        exporting.save(looked_at, AuditWanted(), tmp_path / "trail.csv")
    assert audit.anchor(looked_at) == before
    assert [path.name for path in tmp_path.glob("*trail*")] == ["trail.csv"]


@pytest.mark.parametrize("role", ["manager", "clerk"])
def test_only_who_may_change_settings_takes_it_out(looked_at: Shop, tmp_path: Path, role: str) -> None:
    member = looked_at.at_counter(staff.add(looked_at, "小王", role))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        exporting.save(member, AuditWanted(), tmp_path / "trail.csv")
    assert not (tmp_path / "trail.csv").exists()
