"""Every text is translated, says the same fields, and the committed catalogues are those of the source."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages import extract
from babel.messages.catalog import Catalog, Message

from desktop_crm.base import i18n
from installer import texts

LANGUAGES = [language for language in i18n.LANGUAGES if language != "en"]


def fields(text: str) -> set[str]:
    """The named fields of a sentence."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def parts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The singular and plural forms of a text."""
    return [value or ""] if value is None or isinstance(value, str) else list(value)


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return texts.read(request.param)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_every_language_but_the_sources_own_has_a_catalogue() -> None:
    assert texts.languages() == LANGUAGES


def test_the_catalogue_holds_exactly_the_texts_of_the_source(catalog: Catalog) -> None:
    collected = {str(parts(m.id)) for m in messages(texts.collect())}
    assert collected == {str(parts(m.id)) for m in messages(catalog)}
    assert len(collected) > 200


def test_a_text_that_has_a_plural_is_asked_for_with_it() -> None:
    """gettext() does not find the translation of a text that ngettext() is asked for elsewhere."""
    alone, plural = set(), set()
    for path in texts.SOURCE.rglob("*.py"):
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract.extract("python", file, texts.KEYWORDS):
                if isinstance(message, str):
                    alone.add(message)
                else:
                    plural.add(message[0])
    assert alone & plural == set()


def test_every_text_is_translated_for_sure(catalog: Catalog) -> None:
    open_texts = [m.id for m in messages(catalog) if m.fuzzy or not all(parts(m.string))]
    assert open_texts == []


def test_chinese_sentences_have_chinese_punctuation() -> None:
    """With an ASCII comma "2024-11-25,727 天前" reads as one number."""
    wrong = re.compile(r"[\u3400-\u9fff”][,:;!?]|\}[,:;!?](?!\S*\})|[,;!?][\u3400-\u9fff“]")
    said = [part for message in messages(texts.read("zh_CN")) for part in parts(message.string)]
    assert [text for text in said if wrong.search(text)] == []


def test_a_translation_says_the_same_fields(catalog: Catalog) -> None:
    wrong = []
    for message in messages(catalog):
        known = set().union(*(fields(part) for part in parts(message.id)))
        plural_fields = fields(parts(message.id)[-1])
        for part in parts(message.string):
            if not (plural_fields <= fields(part) <= known):
                wrong.append((message.id, part))
    assert wrong == []


def test_the_committed_files_are_the_compiled_ones(catalog: Catalog) -> None:
    language = str(catalog.locale_identifier)
    path = texts.po_path(language)
    assert path.read_bytes() == texts.po_bytes(texts.updated(language, texts.collect()))
    assert path.with_suffix(".mo").read_bytes() == texts.mo_bytes(texts.read(language))


def test_the_program_answers_in_the_chosen_language() -> None:
    with i18n.using("zh_CN"):
        assert i18n._("Newest backups kept") == "保留最新的备份"
