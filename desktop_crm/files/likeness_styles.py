"""The styles of the workbook that is copied by likeness.py, and the two red ones for its column of reasons."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from desktop_crm.files.likeness_parts import PALE, RED, Element, local

_CHINESE_DAYS = (*range(27, 37), *range(50, 59))
"""Numbers of built-in formats that are days in Chinese and Japanese spreadsheets (ECMA-376, 18.8.30)."""


class Styles:
    """The workbook's styles, and two more for the red column."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._fonts, self._fills, self._formats = (
            next(child for child in root if local(child) == name) for name in ("fonts", "fills", "cellXfs")
        )
        self._reason = -1

    def is_day(self, style: int) -> bool:
        """Whether a number in this style is a day or a time."""
        from openpyxl.styles.numbers import (  # slow to import, and hardly needed
            BUILTIN_FORMATS,
            is_date_format,
        )

        number = int(self._formats[style].get("numFmtId", "0"))
        own = {int(each.get("numFmtId")): each.get("formatCode") for each in self._root.iter("{*}numFmt")}
        code = own.get(number) or BUILTIN_FORMATS.get(number, "")
        return number in _CHINESE_DAYS or bool(is_date_format(code))

    def reason(self) -> int:
        """The style of a reason."""
        if self._reason < 0:
            self._reason = self._made(0, bold=False)
        return self._reason

    def heading(self, like: int) -> int:
        """The style of the reasons' heading, which has the borders of another heading."""
        return self._made(like, bold=True)

    def _made(self, like: int, *, bold: bool) -> int:
        form = deepcopy(self._formats[like])
        font = deepcopy(self._fonts[int(form.get("fontId", "0"))])
        for child in list(font):
            if local(child) == "color" or (bold and local(child) == "b"):
                font.remove(child)
        space = etree.QName(self._root).namespace
        etree.SubElement(font, f"{{{space}}}color", rgb=RED)
        if bold:
            font.insert(0, etree.Element(f"{{{space}}}b"))
        fill = etree.Element(f"{{{space}}}fill")
        pattern = etree.SubElement(fill, f"{{{space}}}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{{{space}}}fgColor", rgb=PALE)
        for child in list(form):
            form.remove(child)
        etree.SubElement(form, f"{{{space}}}alignment", vertical="top", wrapText="1")
        for name, value in (
            ("numFmtId", "49"), ("fontId", _added(self._fonts, font)), ("fillId", _added(self._fills, fill)),
            ("applyFont", "1"), ("applyFill", "1"), ("applyAlignment", "1"), ("applyNumberFormat", "1"),
            ("quotePrefix", "1"),
        ):  # fmt: skip
            form.set(name, str(value))
        return _added(self._formats, form)

    def xml(self) -> bytes:
        """The whole part."""
        made: bytes = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return made


def _added(parent: Element, child: Element) -> int:
    """Append and count; returns the place."""
    parent.append(child)
    parent.set("count", str(len(parent)))
    return len(parent) - 1
