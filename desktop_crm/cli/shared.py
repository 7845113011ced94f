"""What all commands share: their options, the shop they open, how they answer. The commands are in the other files."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from desktop_crm import app, masks, shops, staff
from desktop_crm.base import i18n
from desktop_crm.base.dates import Period, PeriodNotUnderstood, parse_period
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import PasswordNeeded
from desktop_crm.records.users import User
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop

F = TypeVar("F", bound=Callable[..., Any])  # any command function

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
PASSWORD_VARIABLE = "DESKTOP_CRM_PASSWORD"
_DAY = click.DateTime(["%Y-%m-%d"])


class NoShopNamed(CrmError):
    """No --shop was given and none was used before."""


class UserUnknown(CrmError):
    """--user names nobody of the staff."""


class PasswordFileUnreadable(CrmError):
    """--password-file is no text, or may not be read."""


@dataclass
class Shared:
    """The options that every command takes; those given after the command's name win."""

    shop: Path | None = None
    as_json: bool = False
    lang: str | None = None
    user: str | None = None
    password_file: Path | None = None


def shared_options(function: F) -> F:
    """Give a command the options all share."""
    secret = click.Path(exists=True, dir_okay=False, path_type=Path)
    language = click.Choice(i18n.LANGUAGES)
    for names, settings in (
        (("--shop",), {"type": NEW_FOLDER, "help": "The shop's folder."}),
        (("--json", "as_json"), {"is_flag": True, "help": "Print one JSON document."}),
        (("--lang",), {"type": language, "help": "Language."}),
        (("--user",), {"help": "Who does it, by name."}),
        (("--password-file",), {"type": secret, "help": "File with the password."}),
    ):
        function = click.option(*names, expose_value=False, callback=_keep, **settings)(function)
    return function


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command that takes the shared options, and `Shared` as its first argument."""

    def wrap(function: Callable[..., None]) -> click.Command:
        def run(*args: Any, **kwargs: Any) -> None:  # whatever the command's own options are
            shared = click.get_current_context().ensure_object(Shared)
            app.boot(shared.lang)
            function(shared, *args, **kwargs)

        run.__doc__ = function.__doc__
        own: list[click.Parameter] = getattr(function, "__click_params__", [])
        made = click.command(name)(shared_options(run))
        made.params[:0] = reversed(own)
        return made

    return wrap


def day_option(name: str, words: str) -> Callable[[F], F]:
    """An option that is a day, None where it is not given."""
    return click.option(name, type=_DAY, callback=_day, help=words)


def as_of_option() -> Callable[[F], F]:
    """--as-of DAY."""
    return day_option("--as-of", "As known at the end of that day.")


def period_option() -> Callable[[F], F]:
    """--period P, required."""
    words = "2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15"
    return click.option("--period", required=True, callback=_period, help=words)


@contextmanager
def opened(shared: Shared) -> Iterator[Shop]:
    """The named shop, or the last one; it becomes the last one unless it is the demo."""
    folder = folder_of(shared)
    shop = _let_in(shared, folder)
    try:
        shops.remember(folder, is_demo=shop.get(IS_DEMO))
        if shared.user and not shop.keys.is_protected:
            shop = _as_user(shop, shared.user)
        yield shop
    except CrmError as error:
        raise masks.veil(shop, error) from None
    finally:
        shop.close()


def answer(shared: Shared, result: dict[str, Any], lines: list[str]) -> None:  # JSON values
    """Print the result as one JSON document, or as lines for a person."""
    if shared.as_json:
        click.echo(json.dumps(plain(result), ensure_ascii=False, indent=1))
    else:
        for line in lines:
            click.echo(line)


def plain(value: Any) -> Any:  # from any value of a feature to a JSON value
    """A value of a feature as JSON takes it: dataclasses as objects, days as text, sets sorted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


class Meter:
    """The progress of a long command on standard error: a line every two seconds, none for what is quick."""

    EVERY_S = 2.0

    def __init__(self) -> None:
        self._next = time.monotonic() + self.EVERY_S

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is; `total` 0 where nobody knows."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.EVERY_S
        share = f"{100 * done // total} %" if total else ""
        click.echo(f"{text} {share}".strip(), err=True)


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:  # of the option's own type
    if value:
        setattr(context.ensure_object(Shared), parameter.name or "", value)


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _period(_context: click.Context, _parameter: click.Parameter, value: str) -> Period:
    try:
        return parse_period(value)
    except PeriodNotUnderstood as error:
        raise click.BadParameter(str(error)) from error


def folder_of(shared: Shared) -> Path:
    """The folder of the named shop, or of the last one.

    Raises:
        NoShopNamed: there is neither.
    """
    folder = shared.shop or shops.last_used()
    if folder is None:
        raise NoShopNamed(
            _("No shop was used on this PC yet. Name one with --shop DIR, or make one with init DIR.")
        )
    return folder


def _let_in(shared: Shared, folder: Path) -> Shop:
    try:
        return Shop.open(folder, password=password_of(shared), user=shared.user)
    except PasswordNeeded as error:
        raise needed_password(error.users) from error


def needed_password(users: tuple[User, ...]) -> PasswordNeeded:
    """The sentence about a password that a command lacks."""
    return PasswordNeeded(
        _(
            "This shop is locked. Name a file that holds your password with --password-file, or put the password into "
            "the variable {variable}; --user says whose it is."
        ).format(variable=PASSWORD_VARIABLE),
        users,
    )


def password_of(shared: Shared) -> str | None:
    """The password that was given: the first line of --password-file, else the variable; None for neither.

    Raises:
        PasswordFileUnreadable: the file is no text, or may not be read.
    """
    if shared.password_file is not None:
        return first_line(shared.password_file)
    return os.environ.get(PASSWORD_VARIABLE) or None


def first_line(file: Path) -> str:
    """A password as it stands in a file: its first line.

    Raises:
        PasswordFileUnreadable: the file is no text, or may not be read.
    """
    try:
        return (file.read_text("utf-8-sig").splitlines() or [""])[0]
    except (OSError, ValueError) as error:
        raise PasswordFileUnreadable(
            _(
                "The password cannot be read from {file}: it must be a text file in UTF-8. Nothing was done."
            ).format(file=file)
        ) from error


def _as_user(shop: Shop, name: str) -> Shop:
    for member in staff.listing(shop):
        if member.name == name:
            return shop.at_counter(member.id)
    raise UserUnknown(_("Nobody of the staff is called {name}. Nothing was done.").format(name=name))
