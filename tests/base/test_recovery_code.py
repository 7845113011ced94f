"""The recovery code: there and back, what it forgives, and that no mistake passes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.base import recovery_code
from desktop_crm.base.recovery_code import ALPHABET, CodeWrong

SECRET = bytes(range(0x40, 0x50))
CODE = recovery_code.encode(SECRET)


@given(st.binary(min_size=16, max_size=16))
def test_there_and_back(secret: bytes) -> None:
    code = recovery_code.encode(secret)
    assert [len(group) for group in code.split("-")] == [5] * 6
    assert recovery_code.decode(code) == secret
    assert "-".join(recovery_code.groups(secret)) == code


def test_the_code_of_a_secret_stays_what_is_printed() -> None:
    """Sheets lie in drawers for years: a code that was printed once must open for ever."""
    assert recovery_code.encode(bytes(16)) == "00000-00000-00000-00000-00000-00000"
    assert recovery_code.encode(b"desktop-crm 2026") == "CHJQ6-TVMDX-R2TRV-JDMG3-4C1J6-RG2SV"


def test_only_a_secret_has_a_code() -> None:
    with pytest.raises(ValueError, match="15"):
        recovery_code.encode(bytes(15))


def wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        CODE.replace("-", " — "),
        CODE.replace("-", "　"),
        CODE.replace("-", "ー"),
        f"  {CODE}\n",
        wide(CODE),
        wide(CODE.lower()),
        CODE.replace("0", "O"),
        CODE.replace("0", "o").replace("1", "l"),
        CODE.replace("1", "I"),
        CODE.replace("1", "L"),
    ],
)
def test_what_a_person_types_is_forgiven(typed: str) -> None:
    assert recovery_code.decode(typed) == SECRET


def test_no_wrong_symbol_is_accepted() -> None:
    """Each of the 930 wrong symbols of many codes, more than 20,000 in all."""
    chance, tried = random.Random(5), 0
    for _number in range(25):
        symbols = recovery_code.plain(recovery_code.encode(chance.randbytes(16)))
        for place in range(30):
            for other in ALPHABET.replace(symbols[place], ""):
                tried += 1
                assert recovery_code._checked(symbols[:place] + other + symbols[place + 1 :]) is None
    assert tried == 23_250


def test_no_two_symbols_that_changed_places_are_accepted() -> None:
    chance = random.Random(6)
    for _number in range(6):
        symbols = list(recovery_code.plain(recovery_code.encode(chance.randbytes(16))))
        for first in range(30):
            for second in range(first):
                if symbols[first] != symbols[second]:
                    swapped = symbols.copy()
                    swapped[first], swapped[second] = symbols[second], symbols[first]
                    assert recovery_code._checked("".join(swapped)) is None


def test_a_wrong_symbol_is_told_by_its_group() -> None:
    other = "Z" if CODE[13] != "Z" else "Y"
    with pytest.raises(CodeWrong, match="probably in group 3"):
        recovery_code.decode(CODE[:13] + other + CODE[14:])


def test_several_mistakes_are_told_without_a_place() -> None:
    chance = random.Random(1)
    wrong = "".join(chance.choice(ALPHABET) for _place in range(30))
    with pytest.raises(CodeWrong, match="Compare each group"):
        recovery_code.decode(wrong)


def test_a_symbol_too_few_and_one_that_cannot_be() -> None:
    with pytest.raises(CodeWrong, match="30 symbols in 6 groups, and here are 29"):
        recovery_code.decode(CODE[:-1])
    with pytest.raises(CodeWrong, match="“U” in group 2"):
        recovery_code.decode(CODE[:6] + "U" + CODE[7:])
    with pytest.raises(CodeWrong, match="here are 0"):
        recovery_code.decode("")
