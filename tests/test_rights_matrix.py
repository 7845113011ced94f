"""Every action × every role, performed for real; who may not is refused and nothing has changed."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import desktop_crm
from desktop_crm import audit, customers, history, roles, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.rights import ACTIONS, ASKING, EVERY, GIVABLE, OF_ROLES, UNDOING, NotAllowed, Right
from desktop_crm.shop import Shop
from tests.conftest import NOW
from tests.rights_actions import PERFORMERS, Performer, World, make_world

PACKAGE = Path(desktop_crm.__file__).parent

PEOPLE = ("owner", "manager", "clerk", "left", "exactly", "all but")
"""Who tries: the roles as a new shop has them, somebody who left, a clerk who was given just what it takes, a manager who
was given everything else."""


@pytest.fixture(scope="session")
def world_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A shop with something of everything, made once, to be copied."""
    folder = tmp_path_factory.mktemp("world") / "shop"
    shop = Shop.open(Path(shutil.copytree(template, folder)), FixedClock(NOW))
    found = make_world(shop)
    shop.close()
    return folder, found


@pytest.fixture
def boss(tmp_path: Path, world_template: tuple[Path, World]) -> Iterator[Shop]:
    """A copy of it, with nobody in particular at the counter."""
    opened = Shop.open(Path(shutil.copytree(world_template[0], tmp_path / "shop")), FixedClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def world(world_template: tuple[Path, World]) -> World:
    """What there is in it."""
    return world_template[1]


def needed(performer: Performer) -> set[Right]:
    return {right for right in (performer.needs, *performer.also) if right is not None}


def may(performer: Performer, who: str) -> bool:
    """By hand: what the table in Settings says of a new shop."""
    rights: dict[str, set[Right]] = {
        "owner": set(EVERY),
        "manager": {"phones", "export", "delete", "merge", "cost", "staff_figures", "backups"},
        "clerk": set(),
        "left": set(),
        "exactly": needed(performer) - {"roles"},
        "all but": set(GIVABLE) - {performer.needs or "roles"},
    }
    return needed(performer) <= rights[who]


def come(boss: Shop, world: World, performer: Performer, who: str) -> Shop:
    """That person at the counter."""
    if who == "exactly":
        roles.save(boss, "clerk", needed(performer) - {"roles"})
    elif who == "all but":
        roles.save(boss, "manager", set(GIVABLE) - {performer.needs})
    elif who == "left":
        with boss.change("Let somebody go", {"staff"}):
            boss.db.execute("UPDATE staff SET active = 0 WHERE id = ?", (world.manager,))
    ids = {"owner": world.owner, "manager": world.manager, "left": world.manager, "all but": world.manager}
    return boss.at_counter(ids.get(who, world.clerk))


def content(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the file that people entered, and how many steps there are."""
    tables = [
        name
        for (name,) in shop.db.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'"
        )
    ]
    return {name: shop.db.rows(f"SELECT * FROM {name} ORDER BY 1") for name in tables}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


CASES = [
    pytest.param(each, who, id=f"{name}-{who}")
    for name, each in sorted(PERFORMERS.items())
    for who in (PEOPLE if each.needs else ("manager", "clerk"))
]


@pytest.mark.parametrize(("performer", "who"), CASES)
def test_each_action_is_done_by_those_who_may_and_by_nobody_else(
    boss: Shop, world: World, tmp_path: Path, performer: Performer, who: str
) -> None:
    shop, out = come(boss, world, performer, who), tmp_path / "out"
    out.mkdir()
    if may(performer, who):
        performer.run(shop, boss, world, out)
        return
    steps = boss.db.value("SELECT max(id) FROM changes")
    with pytest.raises(NotAllowed):
        performer.run(shop, boss, world, out)
    mine = boss.db.value(
        "SELECT count(*) FROM changes WHERE id > ? AND staff_id IS ?", (steps, shop.staff_id)
    )
    assert mine == 0
    assert {path.name for path in out.iterdir()} <= {"new.csv"}


GUARDED = sorted(name for name, each in PERFORMERS.items() if name in ACTIONS and each.needs)
LASTING = {"exporting.orders.release", "exporting.audit.save", "person.erase"}
"""What left the shop or is erased stays so, whoever asks."""


@pytest.mark.parametrize("name", [name for name in GUARDED if name not in LASTING])
def test_a_step_is_taken_back_and_redone_only_by_those_who_may_do_it(
    boss: Shop, world: World, tmp_path: Path, name: str
) -> None:
    performer = PERFORMERS[name]
    before = content(boss)
    performer.run(boss, boss, world, tmp_path)
    step = history.changes(boss, 1)[0].id
    after = content(boss)
    roles_before = {setting: boss.get(setting) for setting in OF_ROLES.values()}
    clerk = boss.at_counter(world.clerk)
    with pytest.raises(NotAllowed):
        history.undo(clerk, step)
    assert {setting: boss.get(setting) for setting in OF_ROLES.values()} == roles_before
    assert content(boss) == after != before
    history.undo(boss, step)
    with pytest.raises(NotAllowed):
        history.redo_of(clerk, step)
    history.redo_of(boss.at_counter(world.owner), step)


def test_what_the_trail_says_no_more_of_a_step_gives_nobody_the_right_to_it(
    boss: Shop, world: World, tmp_path: Path
) -> None:
    PERFORMERS["bulk.apply.delete"].run(boss, boss, world, tmp_path)
    step = history.changes(boss, 1)[0].id
    history.undo(boss, step)
    audit.blank(boss, world.wang, change_ids=[step])
    assert boss.db.value("SELECT details FROM audit WHERE change_id = ?", (step,)) is None
    before = content(boss)
    with pytest.raises(NotAllowed, match="may not delete"):
        history.redo_of(boss.at_counter(world.clerk), step)
    assert content(boss) == before
    history.redo_of(boss, step)


def test_a_step_of_which_no_trail_says_what_it_was_is_the_owners(boss: Shop, world: World) -> None:
    clerk = boss.at_counter(world.clerk)
    with clerk.change("Of before there was a trail", {"customers"}):
        clerk.db.execute("UPDATE customers SET address = '文三路' WHERE id = ?", (world.wang,))
    step = history.changes(boss, 1)[0].id
    with pytest.raises(NotAllowed, match="only the owner may"):
        history.undo(clerk, step)
    history.undo(boss, step)
    with pytest.raises(NotAllowed, match="only the owner may"):
        history.redo_of(clerk, step)
    history.redo_of(boss, step)
    assert customers.get(boss, world.wang).address == "文三路"


def test_who_left_meanwhile_changes_nothing_any_more(boss: Shop, world: World) -> None:
    clerk = boss.at_counter(world.clerk)
    staff.edit(boss, world.clerk, active=False)
    with pytest.raises(NotAllowed, match="小王 does not work here any more"):
        customers.edit(clerk, world.wang, address="文三路")
    assert customers.get(boss, world.wang).address == ""


def test_a_manager_who_may_change_settings_gives_nobody_a_role_back(boss: Shop, world: World) -> None:
    staff.edit(boss, world.manager, role="owner")
    staff.edit(boss, world.manager, role="manager")
    step = history.changes(boss, 1)[0].id
    roles.save(boss, "manager", GIVABLE)
    with pytest.raises(NotAllowed, match="only the owner may"):
        history.undo(boss.at_counter(world.manager), step)
    assert set(UNDOING) == {"restored_people.bring", "staff.add", "staff.edit"}


# ---------------------------------------------------------------- the tables and the source say the same


def test_every_action_is_performed_here_and_needs_what_is_written_here() -> None:
    assert {name: each.needs for name, each in PERFORMERS.items()} == {**ACTIONS, **ASKING}
    assert not set(ACTIONS) & set(ASKING)


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """(module.function, its source) of everything outside the window and the command line."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if module.startswith(("ui.", "cli.")):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{module}.{node.name}", node


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == name:
            yield each


def opens_change(node: ast.AST) -> Iterator[ast.Call]:
    """The calls of `shop.change` (others of that name are no contexts)."""
    for each in ast.walk(node):
        if isinstance(each, ast.With):
            for item in each.items:
                yield from (call for call in calls(item.context_expr, "change"))


def constants(node: ast.AST | None) -> set[str]:
    return (
        {
            each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
        if node is not None
        else set()
    )


def test_every_change_of_the_program_names_an_action_of_its_module_and_every_action_is_used() -> None:
    used: set[str] = set()
    for name, source in functions():
        for call in opens_change(source):
            action = next((word.value for word in call.keywords if word.arg == "action"), None)
            if isinstance(action, ast.Name):  # chosen a line above
                wanted = action.id
                action = next(
                    each.value
                    for each in ast.walk(source)
                    if isinstance(each, ast.Assign)
                    and any(isinstance(target, ast.Name) and target.id == wanted for target in each.targets)
                )
            named = constants(action)
            assert named, f"{name} opens a change without saying which action it is"
            module = name.rpartition(".")[0]
            assert all(each.startswith(f"{module}.") and each in ACTIONS for each in named), (name, named)
            used |= named
    assert used == set(ACTIONS)


def test_every_function_that_asks_for_a_right_stands_in_a_table() -> None:
    asking: dict[str, set[str]] = {}
    for name, source in functions():
        for call in calls(source, "require"):
            if call.args and isinstance(call.args[0], ast.Constant):
                asking.setdefault(name, set()).add(str(call.args[0].value))
    known = {**ACTIONS, **ASKING}
    for name, rights in asking.items():
        module, _dot, function = name.rpartition(".")
        if function.startswith("_"):
            theirs = [each for each in known if each.startswith(f"{module}.")]
            assert theirs, f"{name} asks, and nothing of its module stands in rights.ACTIONS or rights.ASKING"
        else:
            assert name in known, (
                f"{name} asks for {rights} and stands neither in rights.ACTIONS nor rights.ASKING"
            )
