"""What each of the staff sold and whom they contacted in a frame: the counting; who may see it is staff_figures.py's."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from desktop_crm.store.figures import FOLLOWUP_ON_TIME, FOLLOWUPS_DUE, STANDS, Frame
from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class Work:
    """One person's part of a frame; all of them together are the shop's.

    Attributes:
        staff_id: who; None: nobody was at the counter. name: '' for None.
        sales / gross_fen: sales of the frame, walk-ins too.
        refunds_fen: refunds dated inside it of sales that this person made, whoever paid them out.
        promised / made / on_time: contacts promised for the frame; done by its end as far as known; on their day.
    """

    staff_id: int | None
    name: str
    sales: int
    gross_fen: int
    refunds_fen: int
    promised: int
    made: int
    on_time: int

    @property
    def net_fen(self) -> int:
        """Sales less refunds."""
        return self.gross_fen - self.refunds_fen


_WORK = f"""
WITH part AS (
  SELECT p.staff_id AS who, 1 AS sales, p.total_fen AS gross, 0 AS refunds, 0 AS promised, 0 AS made, 0 AS on_time
  FROM purchases p WHERE p.day >= :start AND p.day < :end AND {STANDS}
  UNION ALL SELECT p.staff_id, 0, 0, r.amount_fen, 0, 0, 0 FROM refunds r JOIN purchases p ON p.id = r.purchase_id
  WHERE r.day >= :start AND r.day < :end AND {STANDS}
  UNION ALL SELECT coalesce(f.done_by, f.staff_id), 0, 0, 0, 1, f.state = 'done' AND f.done_day < :known,
    {FOLLOWUP_ON_TIME} {FOLLOWUPS_DUE}
)
SELECT s.id AS staff_id, coalesce(s.name, '') AS name, sum(sales) AS sales, sum(gross) AS gross_fen,
  sum(refunds) AS refunds_fen, sum(promised) AS promised, sum(made) AS made, sum(on_time) AS on_time
FROM part LEFT JOIN staff s ON s.id = part.who GROUP BY s.id ORDER BY sum(gross) - sum(refunds) DESC, s.id
"""


def work(db: Database, frame: Frame) -> list[Work]:
    """Everybody who did something, those first who sold most; nobody in particular is one of them."""
    return db.records(Work, _WORK, asdict(frame))
