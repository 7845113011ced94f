"""Which sheets came in together. Writing them is imports.py's business."""

from __future__ import annotations

from desktop_crm.records.imports import ImportBatch
from desktop_crm.store.rows import Database


def latest(db: Database, limit: int) -> list[ImportBatch]:
    """The sheets of the newest batches, the newest sheet first."""
    return db.records(
        ImportBatch,
        "WITH kept AS (SELECT coalesce(batch_id, -id) AS batch FROM imports GROUP BY 1 ORDER BY max(id) DESC LIMIT ?) "
        "SELECT * FROM imports WHERE coalesce(batch_id, -id) IN (SELECT batch FROM kept) ORDER BY id DESC",
        (limit,),
    )
