"""The simulated disk keeps what was synced and may lose what was not."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults import cuts
from tests.faults.disk import Disk, Tree, put
from tests.faults.trace import Operation


def operation(
    kind: str, first: object = b"", second: object = b"", inode: int = 7, number: int = 0
) -> Operation:
    data = [part if isinstance(part, bytes) else str(part).encode() for part in (first, second)]
    return Operation(kind, inode, number, *data)


def states(disk: Disk) -> list[Tree]:
    rng = random.Random(3)
    return [disk.state("some", rng) for _number in range(300)]


def test_synced_contents_under_a_synced_name_last(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    for each in (
        operation("c", tmp_path / "a"),
        operation("w", b"x" * 9000),
        operation("s"),
        operation("d", tmp_path),
        operation("w", b"y" * 9000),
    ):
        disk.do(each)
    assert disk.state("nothing", random.Random(1)) == {"a": b"x" * 9000}
    assert disk.state("everything", random.Random(1)) == {"a": b"y" * 9000}
    torn = {state["a"] for state in states(disk)}
    assert all(data is not None and len(data) == 9000 for data in torn)
    assert len(torn) > 100, "each sector by itself"


def test_a_name_lasts_only_once_its_folder_was_synced(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    for each in (operation("c", tmp_path / "a"), operation("w", b"x" * 512), operation("s")):
        disk.do(each)
    assert disk.state("nothing", random.Random(1)) == {}
    assert {frozenset(state) for state in states(disk)} == {frozenset(), frozenset({"a"})}
    disk.do(operation("d", tmp_path))
    assert disk.state("nothing", random.Random(1)) == {"a": b"x" * 512}


def test_a_file_that_was_never_synced_may_be_an_empty_name(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    steps = (
        operation("c", tmp_path / "a.part"),
        operation("w", b"x" * 512),
        operation("r", tmp_path / "a.part", tmp_path / "a"),
        operation("d", tmp_path),
    )
    for each in steps:
        disk.do(each)
    assert disk.state("names", random.Random(1)) == {"a": b""}
    assert {state["a"] for state in states(disk)} == {b"", b"x" * 512}


def test_a_move_between_folders_is_never_half_done(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "a").write_bytes(b"kept")
    disk = Disk(tmp_path)
    disk.do(operation("r", tmp_path / "one" / "a", tmp_path / "two" / "a"))
    assert {tuple(path for path in state if path.endswith("a")) for state in states(disk)} == {
        ("one/a",),
        ("two/a",),
    }


def test_a_cut_off_file_may_still_be_long(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    disk = Disk(tmp_path)
    inode = (tmp_path / "a").stat().st_ino
    disk.do(operation("t", inode=inode, number=0))
    assert {state["a"] for state in states(disk)} == {b"", b"x" * 100}


def test_a_state_is_written_as_it_is(tmp_path: Path) -> None:
    tree: Tree = {"one": None, "one/a": b"x", "b": b""}
    put(tree, tmp_path)
    assert cuts.tree_of(tmp_path) == {"b": b"", "one": None, "one/a": b"x"}
