"""What people decide about rehearsed rows: who a row is about, and which of two values is right.

Decisions hold under every policy and go before it; nothing is written to the shop. How a decision becomes a verdict
is in matching.py and verdicts.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from desktop_crm.importing import looking, rehearsal, verdicts
from desktop_crm.importing.looking import Rows
from desktop_crm.importing.matching import Decision
from desktop_crm.importing.rehearsal import Plan, Progress
from desktop_crm.importing.verdicts import Choice
from desktop_crm.shop import Shop
from desktop_crm.store import rehearsed as store


def who(shop: Shop, plan: Plan, where: Rows, decision: Decision, progress: Progress | None = None) -> int:
    """Say of rows who they are about, or that they are to be left; all verdicts are found anew.

    Args:
        decision: "join" (the customer that is asked about), "card:<id>" (that one), "new" (somebody else), "leave"
            (do not import it) or "" (take back what was said).

    Returns:
        how many rows it was said of.
    """
    meant = store.numbers(plan.staging, looking.condition(where))
    said: Mapping[int, Decision] = dict.fromkeys(meant, decision)
    rehearsal.judge(shop, plan, decisions=said, progress=progress)
    return len(meant)


def fields(
    shop: Shop,
    plan: Plan,
    where: Rows,
    choice: Choice,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> int:
    """Say of fields that differ which value is right: "keep" what the shop has, or "take" the sheet's.

    Args:
        choice: "" takes back what was said.
        only: these fields; none means all that differ, or where `where` is "asks" all that wait.

    Returns:
        how many rows it was said of.
    """
    touched = store.choose(plan.staging, looking.condition(where), choice, only)
    if store.any_together(plan.staging, touched):
        rehearsal.judge(shop, plan, progress=progress)
    else:
        verdicts.choose_anew(plan.staging, plan.policy, touched)
        rehearsal.recount(plan)
    return len(touched)
