"""Mutants of good files of every format: each must get a verdict, whatever the parsers do with it.

Run as a program it reads COUNT mutants (`python -m tests.files.mutants 5000 SEED`) and prints how many came to which end.
The real reader child with its limits works on each of them; only its start is a fork of this small process, because
starting Python would cost more than all the reading.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl

from desktop_crm.base.errors import CrmError
from desktop_crm.files import reader_child, reading
from tests.files import workbooks

_ROWS = [["姓名", "手机", "生日", "备注"]] + [
    [f"王{n}", 13800138000 + n, f"1985-05-{n:02}", "=A1" if n % 3 else "好 & 快"] for n in range(1, 20)
]
_WORDS = (
    b"0",
    b"-1",
    b"4294967295",
    b"99999999999999999999",
    b"NaN",
    b"",
    b"<",
    b">",
    b'"',
    b"&",
    b"\0",
    b"XFD1048576",
)


class Forked:
    """Stands for `subprocess.Popen`: the reader child as a fork of this process."""

    def __init__(self, command: list[str], **_how: Any) -> None:  # as Popen is called in child.py
        here_in, there_out = os.pipe()
        there_in, here_out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            with suppress(BaseException):
                os.dup2(there_in, 0)
                os.dup2(there_out, 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                os.closerange(3, 64)
                sys.stdin = os.fdopen(0, "r")
                reader_child.main(command[-1])
            os._exit(0)
        os.close(there_in)
        os.close(there_out)
        self.stdin = os.fdopen(here_out, "wb")
        self.stdout = os.fdopen(here_in, "rb")
        self.returncode: int | None = None

    def kill(self) -> None:
        """End it."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; one that does not end is killed by the watch of child.py."""
        if self.returncode is None:
            self.returncode = os.waitpid(self.pid, 0)[1]
        return self.returncode


def originals(folder: Path) -> dict[str, bytes]:
    """Good files: name → content."""
    book = openpyxl.Workbook()
    for row in _ROWS:
        book.active.append(row)
    book.active.merge_cells("D2:D4")
    book.create_sheet("二").append(["姓名"])
    book.save(folder / "a.xlsx")
    xml = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 3}</v></c><c r="B{n}" t="e"><v>#REF!</v></c><c r="C{n}"><f>1</f></c></row>'
        for n in range(1, 9)
    )
    strings = (
        f'<sst xmlns="{workbooks.MAIN}"><si><t>姓名</t></si><si><t>王</t></si><si><r><t>李</t></r></si></sst>'
    )
    workbooks.xlsx(folder / "b.xlsx", workbooks.sheet(xml), extra=[("xl/sharedStrings.xml", strings)])
    cells: list[tuple[int, int, object]] = [
        (row, column, value) for row, line in enumerate(_ROWS) for column, value in enumerate(line)
    ]
    cells += [(20, 0, ("error", 0x17)), (20, 1, ("day", 31182)), (20, 2, True), (20, 3, 1.5)]
    workbooks.xls(folder / "a.xls", cells, looks=True, merged=[(3, 5, 0, 0)])
    texts = [[str(cell) for cell in row] for row in _ROWS]
    workbooks.ods(folder / "a.ods", [[cell.replace("&", "&amp;") for cell in row] for row in texts])
    lines = "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in texts)
    (folder / "a.csv").write_bytes(lines.encode("gb18030"))
    (folder / "b.csv").write_bytes(lines.replace(",", "\t").encode("utf-16"))
    table = "".join("<tr>" + "".join(f"<td colspan=1>{cell}" for cell in row) for row in texts)
    (folder / "html.xls").write_text(f"<html><meta charset=utf-8><table>{table}</table></html>", "utf-8")
    (folder / "a.vcf").write_text(
        "".join(
            f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E5=BC=A0=\r\n=E4=B8=89;;;\r\n"
            f"TEL;CELL;PREF:{row[1]}\r\nBDAY:{row[2]}\r\nitem1.X-ABLabel:家\r\nEND:VCARD\r\n"
            for row in texts
        ),
        "utf-8",
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def mutant(content: bytes, chance: random.Random) -> bytes:
    """The same with something wrong: in the file itself, or in a part of it that is packed again properly."""
    if content.startswith(b"PK") and chance.random() < 0.7:
        parts: list[tuple[str, bytes]] = []
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
        place = chance.randrange(len(parts))
        parts[place] = (parts[place][0], _changed(parts[place][1], chance))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts:
                archive.writestr(name, part)
        return made.getvalue()
    return _changed(content, chance)


def _changed(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _time in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(made) + 1)
        length = chance.choice((1, 2, 4, 40))
        kind = chance.randrange(6)
        if kind == 0 and place < len(made):
            made[place] = chance.randrange(256)
        elif kind == 1 and place < len(made):
            made[place] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del made[place : place + length]
        elif kind == 3:
            made[place:place] = made[place : place + length] * chance.choice((1, 2, 500))
        elif kind == 4:
            made[place : place + length] = chance.choice(_WORDS)
        elif chance.random() < 0.1:
            del made[place:]
    return bytes(made)


def verdict(path: Path) -> str:
    """What becomes of a file: "read", or the name of the sentence."""
    try:
        reading.read(path)
    except CrmError as error:
        return type(error).__name__
    return "read"


def run(count: int, seed: int) -> dict[str, Any]:
    """Read mutants; returns the verdicts by format, and the seconds of the slowest one."""
    import python_calamine  # noqa: F401  loaded once, and forked with everything else
    import xlrd  # noqa: F401

    vars(subprocess)["Popen"] = Forked
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = originals(folder)
        for path in folder.iterdir():
            assert verdict(path) == "read", path
        for number in range(count):
            kind = list(good)[number % len(good)]
            path = folder / f"mutant {kind}"
            path.write_bytes(mutant(good[kind], chance))
            start = time.monotonic()
            found[f"{Path(kind).suffix[1:]} {verdict(path)}"] += 1
            slowest = max(slowest, (round(time.monotonic() - start, 2), f"{number} {kind}"))
    return {"verdicts": dict(sorted(found.items())), "slowest": slowest, "count": sum(found.values())}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(int(sys.argv[1]), int(sys.argv[2])), indent=1) + "\n")
