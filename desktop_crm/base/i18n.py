"""Texts for people: gettext everywhere, because paper, workbooks and the command line live outside Qt.

English stands in the source; the compiled catalogues lie in resources/i18n/<lang>/LC_MESSAGES.
`_` is the one module-level state of the program (see design: gettext is the exception).
"""

from __future__ import annotations

import gettext
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from desktop_crm.base.paths import resource

DOMAIN = "desktop_crm"
LANGUAGES = ("zh_CN", "en")
"""The languages the program is complete in, the default first."""

_catalogues: dict[str, gettext.NullTranslations] = {}
_chosen = "zh_CN"
_local = threading.local()


def set_language(language: str) -> None:
    """Make `language` ("zh_CN" or "en") the language of the whole process."""
    global _chosen
    _catalogue(language)
    _chosen = language


def current_language() -> str:
    """The language that `_` answers in on this thread."""
    return getattr(_local, "language", None) or _chosen


@contextmanager
def using(language: str) -> Iterator[None]:
    """Answer in `language` on this thread for a while, e.g. to print a report in the other language."""
    before = getattr(_local, "language", None)
    _local.language = language
    try:
        yield
    finally:
        _local.language = before


def _(text: str) -> str:
    """The text in the current language."""
    return _catalogue(current_language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural text in the current language; still has its named fields."""
    return _catalogue(current_language()).ngettext(one, many, count)


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other; Chinese puts no space between them."""
    return ("" if current_language() == "zh_CN" else " ").join(sentences)


def N_(text: str) -> str:  # noqa: N802  the usual name of gettext's marker
    """Mark a constant for translation; it is translated with `_` when shown."""
    return text


def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    found = _catalogues.get(language)
    if found is None:
        if language == "en":
            found = gettext.NullTranslations()
        else:
            found = gettext.translation(DOMAIN, resource("i18n"), [language], fallback=True)
        _catalogues[language] = found
    return found
