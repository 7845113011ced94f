"""Nothing reaches the internet, and no data is ever run: what the source may import and call, and sockets at run time."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_crm.shop import Shop

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for folder in ("desktop_crm", "installer") for path in (ROOT / folder).rglob("*.py"))

_NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
_NETWORK_PARTS = {
    "urllib.request",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "PySide6.QtWebEngineCore",
}
_LOCAL_OF_QT = {"QLocalServer", "QLocalSocket"}
"""What PySide6.QtNetwork is for here: a second start raises the first window, by a socket of this machine's files."""

_RUNS_DATA = {"pickle", "cPickle", "dill", "shelve", "joblib", "cloudpickle", "code", "codeop", "yaml"}
_CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
_SHELL = {"system", "popen", "spawnl", "spawnv", "spawnve", "execl", "execv", "execvp", "startfile"}
_ALLOWED = {
    ("desktop_crm/files/wire.py", "marshal"),  # cells of a sheet from the child that reads it
    ("desktop_crm/files/reader_child.py", "marshal"),  # that child packs them
    ("desktop_crm/files/child.py", "subprocess"),  # and is started here
}
"""(file, module): the only places of the program for these; the installer may start programs."""


def _imports(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, [alias.name for alias in node.names]


def _unsafe(path: Path, text: str) -> list[str]:
    """Everything in a source that reaches the internet or runs data."""
    tree = ast.parse(text)
    name = path.relative_to(ROOT).as_posix()
    found = []
    for module, names in _imports(tree):
        top = module.split(".")[0]
        if (
            top in _NETWORK
            or module in _NETWORK_PARTS
            or {f"{module}.{each}" for each in names} & _NETWORK_PARTS
        ):
            found.append(f"{name} reaches out with {module}")
        if module == "PySide6.QtNetwork" and not set(names) <= _LOCAL_OF_QT:
            found.append(f"{name} reaches out with {names}")
        if top in _RUNS_DATA:
            found.append(f"{name} unpacks with {module}")
        if top == "random" and not path.name.startswith("demo"):
            found.append(f"{name} leaves something to chance")
        if (
            top in ("marshal", "subprocess")
            and (name, top) not in _ALLOWED
            and name.startswith("desktop_crm")
        ):
            found.append(f"{name} uses {module}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [f"{name}:{node.lineno} {words}" for words in _calls(node)]
    return found


def _calls(node: ast.Call) -> Iterator[str]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in _CALLS:
        yield f"runs data with {called.id}"
    if isinstance(called, ast.Attribute):
        owner = called.value.id if isinstance(called.value, ast.Name) else ""
        if owner == "os" and called.attr in _SHELL:
            yield f"starts a shell with os.{called.attr}"
        if called.attr in ("read_pickle", "to_pickle", "load_module", "literal_exec"):
            yield f"unpacks with {called.attr}"
        if owner in ("pd", "pandas") and called.attr == "eval":
            yield "runs data with pandas"
    for word in node.keywords:
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False):
            yield "starts a shell"


def test_no_source_reaches_out_or_runs_data() -> None:
    assert len(SOURCES) > 300
    assert [words for path in SOURCES for words in _unsafe(path, path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "import socket",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import http.client",
        "from PySide6.QtNetwork import QNetworkAccessManager",
        "import pickle",
        "import random",
        "import subprocess",
        "import marshal",
        "eval(text)",
        "exec(text)",
        "import os\nos.system(text)",
        "run(text, shell=True)",
        "frame.read_pickle(file)",
        "import pandas as pd\npd.eval(text)",
    ],
)
def test_the_look_at_sources_sees_what_is_unsafe(text: str) -> None:
    assert _unsafe(ROOT / "desktop_crm" / "new.py", text) != []


def test_what_is_meant_is_let_through() -> None:
    for text in (
        "from PySide6.QtNetwork import QLocalSocket",
        "dialog.exec()",
        "run(words, shell=False)",
        "import json",
    ):
        assert _unsafe(ROOT / "desktop_crm" / "new.py", text) == []


# ---------------------------------------------------------------- at run time


def test_a_test_that_opens_an_internet_socket_fails() -> None:
    with pytest.raises(RuntimeError, match="internet"):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with pytest.raises(RuntimeError, match="internet"):
        socket.getaddrinfo("example.invalid", 80)
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


_WATCHED = """
import sys
from tests.no_internet import forbid
forbid()
from desktop_crm.cli import main
for line in {commands!r}:
    status = main(["--lang", "en", "--shop", {shop!r}, *line])
    assert status == 0, line
"""


def test_the_commands_open_no_socket_in_a_process_of_their_own(shop: Shop, tmp_path: Path) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("姓名,电话\n王伟,13800000001\n", "utf-8")
    out = str(tmp_path / "out.xlsx")
    commands = [
        ["import", str(sheet)], ["search", "王伟"], ["show", "1"], ["export", "customers", out],
        ["kpis", "--period", "2026-10"], ["report", "--period", "2026-10", "-o", str(tmp_path / "r.pdf")],
        ["backup"], ["backups"], ["check"], ["history"],
    ]  # fmt: skip
    script = textwrap.dedent(_WATCHED).format(commands=commands, shop=str(shop.folder))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Path(out).exists()
