"""Every library has a licence that was read, and a build says whose work is in it, with the words of each licence."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from desktop_crm.base import licences
from desktop_crm.base.paths import resource
from installer import bootstrap, requirements
from installer import licences as builder

_MAY_NOT = re.compile(r"AGPL|(?<!L)GPL|SSPL|BUSL|CC-BY-NC|Proprietary", re.IGNORECASE)


def needed(wanted: Iterable[str]) -> set[str]:
    """Names of all that these requirements bring along, as far as it is installed here."""
    found: set[str] = set()
    todo = [Requirement(each) for each in wanted]
    while todo:
        each = todo.pop()
        name = canonicalize_name(each.name)
        if name in found or (each.marker is not None and not each.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        todo += [Requirement(line) for line in metadata.requires(name) or ()]
    return found


def test_every_library_that_the_program_needs_has_a_licence_here() -> None:
    assert needed(requirements.ranges("run")) - set(licences.LICENCES) == set()


def test_what_is_pinned_and_what_is_listed_are_the_same() -> None:
    text = requirements.FILES["run"].read_text("utf-8")
    pinned = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    assert pinned - set(licences.LICENCES) == set(), "read their licences"
    assert set(licences.LICENCES) - pinned - needed(requirements.ranges("run")) == set()


def test_no_licence_forbids_what_this_program_is() -> None:
    for name, licence in licences.LICENCES.items():
        assert not _MAY_NOT.search(licence), f"{name} is under {licence}"
    assert _MAY_NOT.search("GPL-3.0-or-later")
    assert not _MAY_NOT.search("LGPL-3.0-only")


def test_what_libraries_say_of_themselves_is_no_other_licence() -> None:
    for part in licences.parts():
        if part.is_library and not part.licence.startswith("LGPL-3"):  # Qt for Python may be had under either
            about = metadata.metadata(part.name)
            named = [about["License-Expression"]] if "License-Expression" in about else []
            said = " ".join([*named, *(about.get_all("Classifier") or ())])
            assert not re.search(r"GNU (Affero )?General|(?<!L)GPL-", said), f"{part.name}: {said}"


def test_every_part_has_its_words() -> None:
    for part in licences.parts():
        assert part.texts, part.name
        assert all(path.read_text("utf-8", "replace").strip() for path in part.texts), part.name


def test_the_texts_that_qt_needs_are_whole() -> None:
    lesser, general = licences.text("LGPL-3.0.txt"), licences.text("GPL-3.0.txt")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
    assert "Combined Works" in lesser
    assert "GNU GENERAL PUBLIC LICENSE" in general
    assert "END OF TERMS AND CONDITIONS" in general
    assert "END OF TERMS AND CONDITIONS" in licences.text("LGPL-2.1.txt")
    notice = licences.text("NOTICE.txt")
    for words in (
        "Lesser General Public License",
        "You may replace them",
        "three years",
        "PySide6",
        "python-stdnum",
    ):
        assert words in notice
    assert {path.name for path in resource("licences").iterdir()} == set(licences.TEXTS)


def test_only_modules_of_qt_under_the_lgpl_are_used() -> None:
    root = Path(bootstrap.CHECKOUT)
    used = {
        name
        for path in (root / "desktop_crm").rglob("*.py")
        for name in re.findall(r"from PySide6\.(\w+)|import PySide6\.(\w+)", path.read_text("utf-8"))
        for name in name
        if name
    }
    assert used <= {"QtCore", "QtGui", "QtWidgets", "QtPrintSupport", "QtNetwork", "QtSvg"}
    assert all(module in licences.text("NOTICE.txt") for module in used)


def test_a_library_of_another_platform_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "LICENCES", {"colorama-of-windows": "BSD-3-Clause"})
    assert [part.name for part in licences.parts()] == ["Lucide icons", "Noto Sans SC"]


def test_the_build_gets_its_list_and_its_bill_of_materials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["licences.py", "--in-the-environment", str(tmp_path / "out")])
    assert builder.main() == 0
    written = {Path(line).name: Path(line) for line in capsys.readouterr().out.splitlines()}
    assert set(written) == {"sbom.cdx.json", "licences.txt", *licences.TEXTS}
    bill = json.loads(written["sbom.cdx.json"].read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = {str(canonicalize_name(each["name"])): each for each in bill["components"]}
    assert needed(requirements.ranges("run")) <= set(names)
    assert names["pyside6-essentials"]["licenses"] == [{"expression": "LGPL-3.0-only"}]
    references = {each["ref"] for each in bill["dependencies"]}
    assert {each["bom-ref"] for each in bill["components"]} < references
    assert "https" not in written["sbom.cdx.json"].read_text("utf-8")
    listed = written["licences.txt"].read_text("utf-8")
    for words in (
        "Desktop CRM is under the MIT License",
        "SIL OPEN FONT LICENSE",
        "openpyxl 3",
        "LESSER GENERAL",
    ):
        assert words in listed
    first = written["sbom.cdx.json"].read_bytes()
    builder.write(tmp_path / "out")
    assert written["sbom.cdx.json"].read_bytes() == first


def test_without_a_folder_it_says_how(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["licences.py"])
    assert builder.main() == 2
    assert "licences.txt" in capsys.readouterr().out


def test_it_is_written_by_the_python_that_has_the_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["licences.py", str(tmp_path)])
    monkeypatch.setattr(bootstrap, "prepare", lambda *_kinds: Path("/venv/python"))

    def call(command: list[str], **_kwargs: object) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr("subprocess.call", call)
    assert builder.main() == 0
    assert ran[0][0] == str(Path("/venv/python"))
    assert ran[0][2:] == ["--in-the-environment", str(tmp_path)]
