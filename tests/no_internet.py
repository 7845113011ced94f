"""A process in which nobody can open a socket to the internet: sockets of this machine's files still work."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

_INTERNET = {int(socket.AF_INET), int(socket.AF_INET6)}
_NAMES = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
_TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")


def forbid() -> None:
    """From now on, and for ever in this process, a socket to the internet raises (see Python's audit events)."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.__new__" and len(arguments) > 1 and arguments[1] in _INTERNET:
        raise RuntimeError("a socket to the internet was opened")
    if event in _NAMES:
        raise RuntimeError(f"the internet was asked: {event}")


def open_sockets() -> list[str]:
    """Sockets to the internet that this process holds, also those that libraries opened past Python (Linux; else none)."""
    own = Path("/proc/self/fd")
    if not own.exists():
        return []
    inodes = set()
    for link in own.iterdir():
        try:
            target = str(link.readlink())
        except OSError:  # closed meanwhile
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table in _TABLES:
        path = Path("/proc/self/net") / table
        if path.exists():
            lines = path.read_text("ascii").splitlines()[1:]
            found += [f"{table} {line.split()[1]}" for line in lines if line.split()[9] in inodes]
    return found
