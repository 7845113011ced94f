"""What each of several cards that became one had: so that a sheet which still knows them apart tears nothing down.

Runs on the staging database with the shop attached beside it; what is done about it is importing/verdicts.py's business.
"""

from __future__ import annotations

from desktop_crm.store.staging import Staging

_PLAIN = (
    "name", "card_no", "external_id", "wechat", "email", "gender", "birthday", "region", "address", "occupation", "source",
    "since_day", "language",
)  # fmt: skip
"""Columns whose value a card keeps when it goes into another one."""
_SUMMED = {
    "opening_total": ("opening_summaries", "total_fen", "1"),
    "opening_count": ("opening_summaries", "purchases", "1"),
    "opening_last": ("opening_summaries", "last_day", "1"),
    "points": ("point_entries", "points", "e.kind = 'opening'"),
    "due": ("balance_entries", "amount_fen", "e.kind = 'opening' AND e.note = ''"),
}
"""Columns that become one sum: where the parts stand."""
SUMS = frozenset(_SUMMED)

_PEOPLE = (
    "WITH people AS MATERIALIZED (SELECT s.n, s.customer_id AS id FROM stage s WHERE s.customer_id IN "
    "(SELECT merged_into FROM shop.customers WHERE merged_into IS NOT NULL)), "
    "kept AS MATERIALIZED (SELECT p.n, j.before FROM people p CROSS JOIN shop.merges m ON m.customer_id = p.id "
    "CROSS JOIN shop.journal i ON i.table_name = 'merges' AND i.row_id = m.id AND i.operation = 'I' "
    "CROSS JOIN shop.journal j ON j.table_name = 'customers' AND j.row_id = m.customer_id AND j.change_id = i.change_id "
    "AND j.operation = 'U') "
)
"""Whose rows are meant, and what the cards that stayed were before, as long as that merge can be undone."""


def parts(staging: Staging) -> dict[int, dict[str, set[str]]]:
    """n → {staged column: what one of them had there} of the rows about somebody whose cards became one."""
    if staging.value("SELECT 1 FROM shop.customers WHERE merged_into IS NOT NULL LIMIT 1") is None:
        return {}
    selects = [
        f"SELECT p.n, '{name}', c.{name} FROM people p CROSS JOIN shop.customers c ON c.merged_into = p.id"
        for name in _PLAIN
    ]
    selects += [f"SELECT n, '{name}', json_extract(before, '$.{name}') FROM kept" for name in _PLAIN]
    for name, (table, column, which) in _SUMMED.items():
        whose = f"shop.{table} e WHERE e.customer_id = p.id AND e.{column} IS NOT NULL AND {which}"
        selects.append(f"SELECT p.n, '{name}', e.{column} FROM people p CROSS JOIN {whose}")
        selects.append(  # fewer parts than people: one of them had nothing
            f"SELECT p.n, '{name}', 0 FROM people p WHERE (SELECT count(*) FROM {whose}) <= "
            "(SELECT count(*) FROM shop.customers c WHERE c.merged_into = p.id)"
        )
    found: dict[int, dict[str, set[str]]] = {}
    for n, name, part in staging.rows(_PEOPLE + " UNION ALL ".join(selects)):
        if part is not None:
            found.setdefault(n, {}).setdefault(name, set()).add(str(part))
    return found
