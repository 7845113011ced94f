"""The recovery code: a secret of 128 bits as thirty symbols that a person can print, read out and type.

26 symbols' worth of secret and 22 check bits, five bits each in Crockford's alphabet (crockford.com/base32.html: no I,
L, O, U), in six groups of five. The check is the remainder by a prime, so one wrong symbol and two that changed places
are always noticed. What the code opens is the business of store/keys.py.
"""

from __future__ import annotations

import unicodedata

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 6
GROUP = 5
SECRET_BYTES = 16

_SYMBOLS = GROUPS * GROUP
_CHECK_BITS = 22
_PRIME = 4_194_301
"""The largest below 2**22: it divides neither a change of one symbol nor the change of two that swap places."""

_MEANT = str.maketrans("OIL", "011")


class CodeWrong(CrmError):
    """What was typed is not the recovery code."""


def encode(secret: bytes) -> str:
    """The code of a secret of 16 bytes: six groups of five symbols with a hyphen between."""
    return "-".join(groups(secret))


def groups(secret: bytes) -> tuple[str, ...]:
    """The six groups of the code of a secret of 16 bytes."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(len(secret))
    number = int.from_bytes(secret, "big")
    rest = number << _CHECK_BITS | number % _PRIME
    symbols = []
    for _place in range(_SYMBOLS):
        rest, digit = divmod(rest, 32)
        symbols.append(ALPHABET[digit])
    text = "".join(reversed(symbols))
    return tuple(text[place : place + GROUP] for place in range(0, _SYMBOLS, GROUP))


def decode(text: str) -> bytes:
    """The secret of a code as somebody typed it: any case, width and separators; O is 0, I and L are 1.

    Raises:
        CodeWrong: a symbol too few, too many or impossible, or a mistake that the check digits show.
    """
    symbols = plain(text)
    strange = [place for place, symbol in enumerate(symbols) if symbol not in ALPHABET]
    if strange:
        raise CodeWrong(
            _(
                "“{symbol}” in group {group} is in no recovery code: it has digits and letters without U. "
                "Compare that group with the sheet."
            ).format(symbol=symbols[strange[0]], group=strange[0] // GROUP + 1)
        )
    if len(symbols) != _SYMBOLS:
        raise CodeWrong(
            _(
                "The recovery code has {wanted} symbols in {groups} groups, and here are {count}. "
                "Compare it with the sheet."
            ).format(wanted=_SYMBOLS, groups=GROUPS, count=len(symbols))
        )
    secret = _checked(symbols)
    if secret is None:
        raise CodeWrong(_wrong_words(symbols))
    return secret


def plain(text: str) -> str:
    """The symbols alone of what somebody typed, in the alphabet's own form where they have one."""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(each for each in wide if not _parts(each)).translate(_MEANT)


def _parts(symbol: str) -> bool:
    return unicodedata.category(symbol)[0] in "ZPC" or symbol in "−ー"


def _checked(symbols: str) -> bytes | None:
    number = 0
    for symbol in symbols:
        number = number * 32 + ALPHABET.index(symbol)
    secret, check = divmod(number, 1 << _CHECK_BITS)
    return secret.to_bytes(SECRET_BYTES, "big") if secret % _PRIME == check else None


def _wrong_words(symbols: str) -> str:
    """Where one other symbol makes it right, that is very probably the wrong one: its group is named, no more."""
    suspects = {
        place // GROUP + 1
        for place in range(_SYMBOLS)
        for other in ALPHABET
        if other != symbols[place] and _checked(symbols[:place] + other + symbols[place + 1 :]) is not None
    }
    if len(suspects) == 1:
        return _(
            "There is a mistake in the recovery code, probably in group {group}. Compare it with the sheet."
        ).format(group=suspects.pop())
    return _("There is a mistake in the recovery code. Compare each group with the sheet.")
