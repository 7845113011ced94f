"""Values of the trade: money in fen, phone numbers, IMEIs, card numbers; how they are read and shown.

Reading never guesses: text that may have lost digits is refused (see `digits_lost`). Days live in dates.py.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from desktop_crm.base.document import Scalar, Unit, Value
from desktop_crm.base.i18n import _

MISSING = "–"
"""What a missing value looks like on screen and paper."""

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x202A, 0x202C, 0x202D])
_SCIENTIFIC = re.compile(r"^[+-]?\d+(?:\.\d+)?[eE]\+?\d+$")


def clean_text(text: str) -> str:
    """Text as it may be stored: no control characters, lone surrogates or invisible marks; outer space stripped."""
    if text.isprintable():  # nothing to mend, which is what most texts of an import are
        return text.strip()
    kept = "".join(
        " " if c in "\t\r\n\xa0\u3000" else c
        for c in text.translate(_INVISIBLE)
        if c in "\t\r\n" or (unicodedata.category(c) not in ("Cc", "Cs", "Cn") or c == "\n")
    )
    return kept.strip()


def clean_note(text: str) -> str:
    """A longer text: as `clean_text`, but line breaks stay (as \\n)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean_text(line) for line in lines).strip()


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as ordinary ones (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def digits_lost(text: str) -> bool:
    """Whether a spreadsheet has turned a long number into scientific notation and lost its digits."""
    return bool(_SCIENTIFIC.match(half_width(text).strip()))


def normal_phone(text: str) -> str:
    """A phone number as stored: digits only, without +86/0086; a foreign number keeps its +; '' if none."""
    plain = half_width(text).strip()
    plain = re.split(r"转|ext\.?|分机", plain, maxsplit=1, flags=re.IGNORECASE)[0]
    foreign = plain.startswith("+")
    digits = re.sub(r"\D", "", plain)
    if digits.startswith("0086"):
        digits, foreign = digits[4:], False
    elif foreign and digits.startswith("86"):
        digits, foreign = digits[2:], False
    elif len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if foreign and digits:
        return "+" + digits
    return digits


def valid_mobile(number: str) -> bool:
    """Whether a stored number is a mainland mobile number (11 digits, 13…19)."""
    return bool(re.fullmatch(r"1[3-9]\d{9}", number))


def valid_phone(number: str) -> bool:
    """Whether a stored number can be dialled: mobile, landline with area code, local, 400/800 or foreign."""
    return bool(
        valid_mobile(number)
        or re.fullmatch(r"0\d{2,3}[2-9]\d{6,7}", number)
        or re.fullmatch(r"[2-9]\d{6,7}", number)
        or re.fullmatch(r"[48]00\d{7}", number)
        or re.fullmatch(r"\+\d{7,15}", number)
    )


def show_phone(number: str) -> str:
    """A stored number in groups: 138 0571 8866; others as they are."""
    if valid_mobile(number):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number


def normal_imei(text: str) -> str:
    """An IMEI, MEID or serial as stored: no label before it, no spaces, hyphens or slashes; letters upper case."""
    plain = re.sub(r"^\s*(?:imei|meid|s/?n)\s*\d?\s*:", "", half_width(text), flags=re.IGNORECASE)
    return re.sub(r"[\s\-‐-―−/.]", "", plain).upper()


def valid_imei(imei: str) -> bool:
    """Whether 15 digits satisfy the Luhn check (3GPP TS 23.003 annex B); a 16-digit IMEISV has none and passes."""
    if re.fullmatch(r"\d{16}", imei):
        return True
    if not re.fullmatch(r"\d{15}", imei):
        return False
    total = 0
    for place, digit in enumerate(imei):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


_GROUPED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?![\d,])|(?<=\d) (?=元|块|万|rmb|cny)", re.I
)
"""Thousands apart from each other as they should be; a comma elsewhere may be a decimal one."""


def parse_money(text: str) -> int | None:
    """Fen from "￥1,299.00", "1299元", "1.2万" or "(50)"; None if it is not an amount.

    More than two decimals are refused rather than rounded, except trailing zeros.
    """
    plain = half_width(text).strip().replace("−", "-")
    if re.search(r"\d[ ,]", plain) and not _GROUPED.search(plain):
        return None
    plain = plain.replace(",", "").replace(" ", "")
    negative = plain.startswith(("-", "(", "¥-", "￥-"))
    plain = re.sub(r"^[-(]?(?:¥|￥|rmb|cny)?-?", "", plain, flags=re.IGNORECASE).rstrip(")")
    factor = Decimal(100)
    plain = re.sub(r"(?:元整?|块|rmb|cny)$", "", plain, flags=re.IGNORECASE)
    if plain.endswith("万"):
        plain, factor = plain[:-1], Decimal(1_000_000)
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", plain):
        return None
    try:
        fen = Decimal(plain) * factor
    except InvalidOperation:  # pragma: no cover  the pattern admits only decimals
        return None
    if fen != fen.to_integral_value() or fen >= 2**53:
        return None
    return -int(fen) if negative else int(fen)


def show_money(fen: int, *, signed: bool = False, cents: bool | None = None) -> str:
    """Money for people: ¥1,299 or ¥1,299.50; `cents` forces or forbids the decimals."""
    sign = "−" if fen < 0 else "+" if signed and fen > 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    with_cents = rest != 0 if cents is None else cents
    if not with_cents:
        yuan = int((Decimal(abs(fen)) / 100).to_integral_value(ROUND_HALF_UP))
        return f"{sign}¥{yuan:,}"
    return f"{sign}¥{yuan:,}.{rest:02d}"


def round_half_up(number: float, places: int) -> Decimal:
    """Commercial rounding from the unrounded number."""
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def show(value: Scalar | Value, unit: Unit = "text", *, signed: bool = False) -> str:
    """Any typed value for screen and paper; None is –. Percent to one decimal, half up."""
    if isinstance(value, Value):
        return show(value.value, value.unit, signed=value.signed)
    if value is None:
        return MISSING
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    sign = "+" if signed and value > 0 else "−" if value < 0 else ""
    return _show_number(abs(value), unit, sign)


def _show_number(size: float, unit: Unit, sign: str) -> str:
    if unit == "fen":
        return sign + show_money(round(size), cents=None if size < 100_000 else False)
    if unit == "ratio":
        return f"{sign}{round_half_up(size * 100, 1)}%"
    if unit == "points":
        return _("{number} pts").format(number=f"{sign}{round_half_up(size * 100, 1)}")
    if unit == "minutes":
        return _show_minutes(size, sign)
    if unit == "score":
        return f"{sign}{round_half_up(size, 1)}"
    if unit == "months":
        return _("{number} months").format(number=f"{sign}{round_half_up(size, 1)}")
    if unit == "days":
        return _("{number} days").format(number=f"{sign}{round(size):,}")
    if float(size).is_integer():
        return f"{sign}{int(size):,}"
    return f"{sign}{round_half_up(size, 2):,}"


def _show_minutes(size: float, sign: str) -> str:
    if size < 90:
        return _("{number} min").format(number=f"{sign}{round_half_up(size, 0)}")
    return _("{number} h").format(number=f"{sign}{round_half_up(size / 60, 1)}")
