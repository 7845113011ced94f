"""Collects the program's texts and compiles their translations.

`python -m installer.texts` brings resources/i18n/<language>/LC_MESSAGES/desktop_crm.po up to date with the source
(new texts come empty, gone ones leave) and compiles each into the .mo that the program reads. Needs Babel, which is
installed with the tests. tests/test_texts.py holds the committed files to this.
"""

from __future__ import annotations

import io
from datetime import datetime, timezone
from pathlib import Path

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "desktop_crm"
TRANSLATIONS = ROOT / "resources" / "i18n"
DOMAIN = "desktop_crm"
_UNDATED = datetime(2026, 1, 1, tzinfo=timezone.utc)
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}


def collect() -> Catalog:
    """Every text marked in the source, in the order of files and lines."""
    catalog = Catalog(project="desktop-crm")
    for path in sorted(SOURCE.rglob("*.py")):
        with open(path, "rb") as file:
            for _line, message, _comments, _context in extract.extract("python", file, KEYWORDS):
                catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)])  # type: ignore[list-item]
    return catalog


def languages() -> list[str]:
    """The languages that have a folder."""
    return sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())


def po_path(language: str) -> Path:
    """The editable translations of a language."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """The translations as they stand in the .po."""
    with open(po_path(language), "rb") as file:
        return read_po(file, locale=language)


def updated(language: str, collected: Catalog) -> Catalog:
    """The translations of a language for exactly the collected texts; nothing is guessed from likeness."""
    catalog = read(language)
    catalog.update(collected, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """The .po as written: sorted, without dates and line numbers, so that it changes only with the texts."""
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalog,
        width=110,
        sort_output=True,
        omit_header=False,
        include_lineno=False,
        ignore_obsolete=True,
    )
    dated = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    lines = buffer.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(dated))


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled translations; undated, so that the same texts are the same bytes."""
    catalog.creation_date = catalog.revision_date = _UNDATED
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> None:
    """Update and compile every language, and say how many texts are still to be translated."""
    collected = collect()
    for language in languages():
        catalog = updated(language, collected)
        path = po_path(language)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(read(language)))
        missing = sum(1 for message in catalog if message.id and not all(_strings(message.string)))
        print(f"{language}: {len(catalog)} texts, {missing} without a translation")


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if string is None or isinstance(string, str):
        return (string or "",)
    return tuple(string)


if __name__ == "__main__":
    main()
