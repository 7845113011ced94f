"""The rule of the house: a module imports only to its right, or within its ring; and no import cycle.

`cli, app → ui → features → shop → store | files → settings, records → base`; `store` and `files` never see each
other; `ui` imports neither. Imports inside functions count; those for types only do not make cycles.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "desktop_crm"
ROOT = "desktop_crm"
BASE, RECORDS, STORE, FILES, SHOP, FEATURES, UI, TOP = range(8)
PLACES = {
    "base": BASE,
    "records": RECORDS,
    "settings": RECORDS,
    "rights": RECORDS,
    "store": STORE,
    "files": FILES,
    "shop": SHOP,
}
PLACES |= {"ui": UI, "cli": TOP, "app": TOP, "__main__": TOP}
OUTER_LIBRARIES = {
    "sqlite3": {STORE},
    "sqlcipher3": {STORE},
    "sqlite_utils": {STORE},
    "openpyxl": {FILES},
    "python_calamine": {FILES},
    "reportlab": {FILES},
    "pypdfium2": {FILES},
    "xlrd": {FILES},
    "lxml": {FILES},
    "icalendar": {FILES},
    "segno": {FILES},
    "PySide6": {UI},
    "click": {TOP},
}


def ring(module: str) -> int:
    """The ring of a module of ours; every plain module at the top is a feature."""
    parts = module.split(".")
    return BASE if len(parts) == 1 else PLACES.get(parts[1], FEATURES)


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = [ROOT, *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[tuple[str, bool]]:
    """(module, for types only) of everything a file imports, wherever the statement stands."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            typing_only |= {id(inner) for part in node.body for inner in ast.walk(part)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(alias.name, id(node) in typing_only) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found |= {(f"{node.module}.{alias.name}", id(node) in typing_only) for alias in node.names}
    return found


def ours(name: str, known: dict[str, Path]) -> str | None:
    """The module of ours that an imported name lies in, or None for a library's."""
    parts = name.split(".")
    if parts[0] != ROOT:
        return None
    while ".".join(parts) not in known:
        parts.pop()
    return ".".join(parts)


def allowed(source: int, target: int) -> bool:
    """Whether a module of one ring may import one of another."""
    if {source, target} == {STORE, FILES}:
        return False
    if source == UI and target in (STORE, FILES):
        return False
    return target <= source


KNOWN = modules()


@pytest.mark.parametrize("module", KNOWN)
def test_a_module_imports_only_to_its_right(module: str) -> None:
    wrong = []
    for name, _for_types in imports(KNOWN[module]):
        target = ours(name, KNOWN)
        if target is not None and not allowed(ring(module), ring(target)):
            wrong.append(target)
    assert wrong == []


@pytest.mark.parametrize("module", KNOWN)
def test_a_library_is_used_in_its_ring_only(module: str) -> None:
    wrong = [
        name
        for name, _for_types in imports(KNOWN[module])
        if ring(module) not in OUTER_LIBRARIES.get(name.split(".")[0], {ring(module)})
    ]
    assert wrong == []


def test_nothing_imports_in_a_circle() -> None:
    arrows = {
        module: {t for name, for_types in imports(path) if not for_types and (t := ours(name, KNOWN))}
        - {module}
        for module, path in KNOWN.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module in done:
            return
        for target in sorted(arrows[module]):
            visit(target, (*trail, module))
        done.add(module)

    for module in arrows:
        visit(module, ())
    assert done == set(KNOWN)


def test_only_the_marked_places_keep_state_in_a_module() -> None:
    """`global` is written in one module only: gettext's."""
    users = [
        module
        for module, path in KNOWN.items()
        if any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    ]
    assert users == ["desktop_crm.base.i18n"]


@pytest.mark.parametrize("module", sorted(name for name in KNOWN if name.startswith(f"{ROOT}.records.")))
def test_every_field_of_a_record_is_explained(module: str) -> None:
    for node in ast.walk(ast.parse(KNOWN[module].read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            words = set(re.findall(r"\w+", ast.get_docstring(node) or ""))
            fields = [
                part.target.id
                for part in node.body
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
            ]
            assert [name for name in fields if name not in words and name != "TABLE"] == [], node.name


@pytest.mark.parametrize(
    ("source", "target", "answer"),
    [
        (UI, STORE, False),
        (FILES, STORE, False),
        (STORE, BASE, True),
        (FEATURES, UI, False),
        (TOP, UI, True),
        (UI, FEATURES, True),
    ],
)
def test_the_rule_itself(source: int, target: int, answer: bool) -> None:
    assert allowed(source, target) is answer
