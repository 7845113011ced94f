"""The program is killed at any moment, again and again: what it acknowledged is there, and nothing is broken."""

from __future__ import annotations

import pytest

from tests.faults import preload, steps
from tests.faults.driven import driven

KILLS, SHARES = 200, 2
"""Each share is a test of its own, so that they can run beside one another."""

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="workers are forked")


@pytest.mark.parametrize("seed", range(1, SHARES + 1))
def test_nothing_acknowledged_is_lost(seed: int) -> None:
    result = driven("kills", "--count", str(KILLS // SHARES), "--seed", str(seed))
    assert result["wrong"] == {}
    assert result["kills"] == KILLS // SHARES
    assert result["said"] >= 2 * result["kills"]
    assert len(result["during"]) >= 8, "killed in the midst of many kinds of step"
    assert {step.__name__ for step in (*steps.OFTEN, *steps.SELDOM)} - result["done"].keys() <= {
        "settle",
        "reopen",
    }


@pytest.mark.skipif(bool(preload.missing()), reason=preload.missing())
def test_a_program_without_a_log_is_caught() -> None:
    result = driven("kills", "--count", "60", "--without", "no_journal", "--until-wrong")
    assert result["wrong"], f"{result['kills']} kills"
