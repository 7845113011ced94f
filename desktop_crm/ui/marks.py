"""The pills of the trade: which tier has which tone. The words are the features' own."""

from __future__ import annotations

from typing import Final

from desktop_crm import tier_rules
from desktop_crm.ui.kit.cells import Mark

TIER_TONES: Final = {
    "high_value": "gold",
    "potential": "accent",
    "regular": "grey",
    "lost": "bad",
    "prospect": "grey",
}


def tier_mark(tier: str) -> Mark:
    """The pill of a tier; an empty one where there is none yet."""
    return Mark(tier_rules.label(tier), TIER_TONES.get(tier, "grey")) if tier else Mark("")
