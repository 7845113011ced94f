"""The power goes at any moment: what was acknowledged is there, nothing is broken, and a careless program is caught."""

from __future__ import annotations

import pytest

from tests.faults import preload
from tests.faults.driven import driven
from tests.faults.scenarios import SCENARIOS

pytestmark = pytest.mark.skipif(bool(preload.missing()), reason=preload.missing())

STATES = {
    "sale": 560, "import": 300, "restore": 140, "password": 200, "backup": 140, "first_run": 90, "migration": 70,
}  # fmt: skip
"""So many states of each scenario; the costly ones fewer. `python -m tests.faults cuts --count N` looks at more."""


def test_every_scenario_is_looked_at() -> None:
    assert STATES.keys() == SCENARIOS.keys()
    assert sum(STATES.values()) >= 1500


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_acknowledged_is_lost(scenario: str) -> None:
    result = driven("cuts", scenario, "--count", str(STATES[scenario]))
    assert result["wrong"] == {}
    assert result["missed"] == [], "every operation was recorded"
    assert result["states"] == STATES[scenario]
    assert result["different"] > STATES[scenario] / 3
    assert result["said"] >= 3


@pytest.mark.parametrize(
    ("spoiling", "scenario"),
    [
        ("synchronous_off", "sale"),
        ("synchronous_normal", "sale"),
        ("rollback_journal", "sale"),
        ("no_folder_sync", "backup"),
        ("no_rename", "backup"),
        ("no_rename", "password"),
    ],
)
def test_a_careless_program_is_caught(spoiling: str, scenario: str) -> None:
    result = driven("cuts", scenario, "--count", "300", "--without", spoiling, "--until-wrong")
    assert result["wrong"], f"{result['states']} states"
    assert result["states"] <= 300
