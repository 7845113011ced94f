"""What customers answered when asked how satisfied they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class SurveyAnswer:
    """One answer; at least one of the two scores is there.

    Attributes:
        id: key. customer_id: who answered. at / day: instant and shop day of the answer.
        satisfaction: 1 (very unsatisfied) … 5 (very satisfied), or None where not asked.
        recommendation: 0 … 10, would they recommend the shop, or None where not asked.
        comment: in the customer's words, ''. channel: as of an interaction.
        purchase_id / complaint_id: what it is about, or None.
        staff_id: who asked, or None. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "survey_answers"

    id: int
    customer_id: int
    at: str
    day: str
    satisfaction: int | None = None
    recommendation: int | None = None
    comment: str = ""
    channel: str = "visit"
    purchase_id: int | None = None
    complaint_id: int | None = None
    staff_id: int | None = None
    import_id: int | None = None
