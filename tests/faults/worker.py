"""`python -m tests.faults.worker SCENARIO ROOT SAID [SPOILING]`: does a scenario below ROOT and writes what holds into SAID."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop_crm.base import i18n
from tests.faults.scenarios import SCENARIOS
from tests.faults.spoiling import SPOILINGS, cheap


def main(scenario: str, root: str, said: str, spoiling: str = "") -> None:
    """Do it."""
    i18n.set_language("en")
    cheap()
    if spoiling:
        SPOILINGS[spoiling]()
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for each in SCENARIOS[scenario].run(Path(root)):
        os.write(out, each.line())


if __name__ == "__main__":
    main(*sys.argv[1:])
