"""python -m desktop_crm"""

from __future__ import annotations

import sys

from desktop_crm.cli import main

sys.exit(main())
