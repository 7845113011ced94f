"""Whose work this program uses and under which terms: each library, its version here, its licence, the texts.

The table is kept by hand, because what libraries say of themselves is written in many ways; a test holds it to what is
installed, so that a new library fails until its licence was read. The list and the bill of materials of a build are written
by installer/licences.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from desktop_crm.base.paths import resource

LICENCES: Final[Mapping[str, str]] = {
    "argon2-cffi": "MIT",
    "argon2-cffi-bindings": "MIT",
    "cffi": "MIT-0",
    "charset-normalizer": "MIT",
    "click": "BSD-3-Clause",
    "click-default-group": "BSD-3-Clause",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "et-xmlfile": "MIT",
    "filelock": "MIT",
    "icalendar": "BSD-2-Clause",
    "lxml": "BSD-3-Clause",
    "msoffcrypto-tool": "MIT",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "olefile": "BSD-2-Clause",
    "openpyxl": "MIT",
    "pandas": "BSD-3-Clause",
    "phonenumbers": "Apache-2.0",
    "pillow": "MIT-CMU",
    "pip": "MIT",
    "platformdirs": "MIT",
    "pluggy": "MIT",
    "pycparser": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pypinyin": "MIT",
    "pyside6-essentials": "LGPL-3.0-only",
    "python-calamine": "MIT",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "rapidfuzz": "MIT",
    "reportlab": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "shiboken6": "LGPL-3.0-only",
    "sqlcipher3": "Zlib AND BSD-3-Clause AND Apache-2.0",
    "sqlite-fts4": "Apache-2.0",
    "sqlite-utils": "Apache-2.0",
    "tabulate": "MIT",
    "typing-extensions": "PSF-2.0",
    "tzdata": "Apache-2.0",
    "xlrd": "BSD-3-Clause",
}
"""Every library that the program needs on some platform, by its name: its licence as an SPDX expression (spdx.org/licenses).

Qt for Python is offered under the LGPL or the GPL; it is used under the LGPL.
"""

_CARRIED: Final = (
    ("Noto Sans SC", "OFL-1.1", ("fonts", "OFL.txt")),
    ("Lucide icons", "ISC AND MIT", ("icons", "LICENSE")),
)
"""What lies in resources/: its name, licence, and where the text lies."""

OWN = ("Desktop CRM", "MIT")
TEXTS: Final = ("NOTICE.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "LGPL-2.1.txt")
"""Texts in resources/licences/ that go with every copy of the program."""

_A_TEXT = re.compile(r"\.dist-info/(?:licenses/|(?:licen[cs]e|copying|notice))", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Somebody else's work.

    Attributes:
        name / version: as installed here ('' where it has none). licence: an SPDX expression.
        texts: files with the words of the licence.
        is_library: a package of Python, else part of the resources.
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]
    is_library: bool = True


def parts() -> list[Part]:
    """Everything that is used and is there on this machine, by name."""
    found = [part for part in map(_library, LICENCES) if part is not None]
    carried = [Part(name, "", licence, (resource(*place),), False) for name, licence, place in _CARRIED]
    return sorted([*found, *carried], key=lambda part: part.name.lower())


def text(name: str) -> str:
    """A text of resources/licences/."""
    return resource("licences", name).read_text("utf-8")


@cache
def _library(name: str) -> Part | None:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None  # only needed on another platform
    texts = [Path(str(file.locate())) for file in found.files or () if _A_TEXT.search(file.as_posix())]
    if LICENCES[name].startswith("LGPL-3"):
        texts = [resource("licences", each) for each in ("LGPL-3.0.txt", "GPL-3.0.txt", "NOTICE.txt")]
    return Part(found.metadata["Name"], found.version, LICENCES[name], tuple(texts))
