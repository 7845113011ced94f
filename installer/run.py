"""Start the program, after making what it needs: `python3 installer/run.py [arguments of desktop-crm]`.

Without a screen the program itself says so; here only the libraries for drawing into memory are seen to then.
Written for Windows too (`py -3 installer\\run.py`), and not run there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installer import bootstrap, system_libraries, terminal


def main() -> int:
    """Set up and become the program."""
    bootstrap.check_version(sys.version_info[:2], "installer/run.py")
    python = bootstrap.prepare("run", system_libraries.screen_kind(os.environ))
    command = [str(python), "-m", "desktop_crm", *sys.argv[1:]]
    return bootstrap.hand_over(command, terminal.child_environment())


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
