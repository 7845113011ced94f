"""Rows of survey answers."""

from __future__ import annotations

from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[SurveyAnswer]:
    """A customer's answers, the latest first."""
    return db.records(
        SurveyAnswer,
        "SELECT * FROM survey_answers WHERE customer_id = ? ORDER BY day DESC, at DESC, id DESC",
        (customer_id,),
    )


def of_occasion(
    db: Database, customer_id: int, day: str, purchase_id: int | None, complaint_id: int | None
) -> SurveyAnswer | None:
    """The customer's latest answer about this complaint, about a sale of this sale's day, or else of this day."""
    return db.record(
        SurveyAnswer,
        f"SELECT a.* FROM survey_answers a LEFT JOIN purchases p ON p.id = a.purchase_id WHERE a.customer_id = ?1 "
        f"AND {OCCASION} = CASE WHEN ?4 IS NOT NULL THEN 'c' || ?4 "
        "ELSE coalesce((SELECT day FROM purchases WHERE id = ?3), ?2) END ORDER BY a.at DESC, a.id DESC LIMIT 1",
        (customer_id, day, purchase_id, complaint_id),
    )


OCCASION = "CASE WHEN a.complaint_id IS NOT NULL THEN 'c' || a.complaint_id ELSE coalesce(p.day, a.day) END"
"""What an answer `a` is about (its sale is `p`): a complaint, or the day of a purchase, or the day of the answer."""
