"""What each text of the shop file says of a customer, and so what happens to it when that customer is erased for good.

Every column of every table that may hold text stands here; a test fails when a new one does not. What is done with it
is in person.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Meaning = Literal["own", "words", "sold", "code", "shop", "made"]
"""own: a value of the customer; emptied on their rows. words: written by somebody, and may name anybody; emptied on
their rows, and elsewhere whatever names them is struck out. sold: part of the books; stays, but for what names them.
code: a day, an instant, a key or a word of the program. shop: the shop's own words, about no customer.
made: worked out by the program from the rest, and made anew with it.
"""

COLUMNS: Final[Mapping[str, Mapping[str, Meaning]]] = {
    "customers": {
        "name": "own", "card_no": "own", "external_id": "own", "kind": "code", "wechat": "own", "email": "own",
        "gender": "own", "birthday": "own", "region": "own", "address": "own", "occupation": "own", "source": "own",
        "consent": "own", "consent_day": "own", "consent_wording": "own", "language": "own", "note": "words",
        "preferences": "words", "since_day": "code", "verified_day": "own", "created_at": "code", "deleted_at": "code",
    },
    "phones": {"number": "own", "kind": "code", "label": "words"},
    "devices": {
        "model": "shop", "created_at": "code", "color": "shop", "storage": "shop", "imei": "own", "serial": "own",
        "acquired_day": "code", "gone_day": "code", "warranty_end_day": "code", "plan_name": "shop",
        "plan_end_day": "code", "status": "code", "note": "words",
    },
    "consents": {"channel": "code", "answer": "code", "day": "code", "wording": "shop"},
    "relations": {"kind": "code", "note": "words", "created_at": "code"},
    "notes": {"text": "words", "at": "code", "day": "code"},
    "custom_values": {"value": "words"},
    "import_originals": {"cells": "words"},
    "merges": {"at": "code", "day": "code", "reason": "words", "chosen": "words"},
    "distinct_pairs": {"at": "code"},
    "mend_skips": {"until_day": "code", "at": "code"},
    "customer_tiers": {
        "tier": "code", "derived": "code", "value": "code", "activity": "code", "since_day": "code",
        "last_active_day": "code", "override_reason": "words",
    },
    "tier_history": {
        "from_tier": "code", "to_tier": "code", "at": "code", "day": "code", "origin": "code", "reason": "words",
    },
    "purchases": {
        "at": "code", "day": "code", "number": "sold", "note": "words", "voided_at": "code", "void_day": "code",
        "void_reason": "words", "created_at": "code",
    },
    "purchase_lines": {"description": "sold", "category": "code", "imei": "own"},
    "payments": {"method": "code", "note": "words"},
    "refunds": {"at": "code", "day": "code", "reason": "words", "method": "code"},
    "balance_entries": {"at": "code", "day": "code", "kind": "code", "method": "code", "note": "words"},
    "point_entries": {"at": "code", "day": "code", "kind": "code", "note": "words"},
    "opening_summaries": {"day": "code", "last_day": "code", "created_at": "code"},
    "followups": {
        "rule": "code", "reason": "words", "first_due_day": "code", "due_day": "code", "created_at": "code",
        "due_time": "code", "state": "code", "source_kind": "code", "outcome": "code", "outcome_note": "words",
        "done_at": "code", "done_day": "code", "cancel_reason": "words", "reminded_at": "code",
    },
    "interactions": {"at": "code", "day": "code", "channel": "code", "began_by": "code", "summary": "words"},
    "complaints": {
        "summary": "words", "received_at": "code", "received_day": "code", "due_at": "code", "category": "code",
        "priority": "code", "channel": "code", "state": "code", "created_at": "code",
    },
    "complaint_steps": {"kind": "code", "at": "code", "day": "code", "note": "words"},
    "survey_answers": {"at": "code", "day": "code", "comment": "words", "channel": "code"},
    "tags": {"name": "words", "group_name": "words"},
    "views": {"name": "words", "filter": "words", "created_at": "code"},
    "imports": {"file_name": "words", "sheet": "words", "kind": "code", "at": "code", "cost_titles": "words"},
    "column_memories": {"header": "words", "kind": "code", "mapping": "words", "at": "code"},
    "exports": {
        "at": "code", "day": "code", "kind": "code", "format": "code", "file_name": "words", "filter": "words",
    },
    "changes": {"label": "words", "kinds": "code", "at": "code", "day": "code"},
    "journal": {"table_name": "code", "operation": "code", "before": "words"},
    "journal_runs": {"table_name": "code"},
    "audit": {
        "at": "code", "day": "code", "action": "code", "kinds": "code", "step": "code", "details": "words",
        "salt": "code", "digest": "code", "previous": "code", "hash": "code",
    },
    "erasures": {"card_made_at": "code", "at": "code", "day": "code"},
    "customer_figures": {
        "name_key": "made", "since_day": "code", "last_visit_day": "code", "last_purchase_day": "code",
        "last_contact_day": "code", "brought_day": "code",
    },
    "custom_fields": {"name": "shop", "kind": "code", "choices": "shop", "created_at": "code"},
    "settings": {"key": "code", "value": "shop"},
    "staff": {"name": "shop", "created_at": "code", "role": "code"},
    "pins": {"hash": "shop", "set_at": "code", "failed_at": "code"},
    "key_state": {"shop_id": "shop", "sheet_proved": "shop"},
    "products": {
        "name": "shop", "created_at": "code", "category": "code", "brand": "shop", "barcode": "shop",
    },
    "tacs": {"tac": "shop"},
    "after_sales_terms": {
        "key": "code", "part": "shop", "remedy": "shop", "condition": "shop", "source": "shop",
    },
}  # fmt: skip
"""Table: column: what it says. The tables of the search index are made anew (`made`) and not listed."""

GONE: Final = (
    "phones", "customer_tags", "consents", "custom_values", "relations", "notes", "devices", "import_originals",
    "merges", "distinct_pairs", "mend_skips", "tags",
)  # fmt: skip
"""Tables whose rows go with the person (of tags those that nobody else wears). All other rows stay, empty: what was sold,
paid and done counts as before."""

IDENTIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "customers": ("name", "wechat", "email", "card_no", "external_id", "address"),
    "phones": ("number",),
    "devices": ("imei", "serial"),
    "purchase_lines": ("imei",),
}
"""Values by which somebody is named in the words of others."""

STRUCTURED: Final = frozenset(
    {
        ("journal", "before"), ("import_originals", "cells"), ("merges", "chosen"), ("views", "filter"),
        ("column_memories", "mapping"), ("imports", "cost_titles"),
    }
)  # fmt: skip
"""Words that are JSON: what names somebody is struck out of each text in it, and it stays JSON."""
