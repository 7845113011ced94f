"""The open shop: its file, clock, settings and who is at the counter; `with shop.change(…)` is the only way to write.

A `Shop` is immutable context and may be shared between threads: each thread gets its own connection, only one
change runs at a time. Nothing here knows customers. It is longer than most files because it is the one door: how each
thing is done lies in store/ (door.py, connections.py, relocking.py).
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from desktop_crm.base import places
from desktop_crm.base.clock import Clock, SystemClock
from desktop_crm.base.dates import local_day, to_instant
from desktop_crm.base.i18n import _
from desktop_crm.records.audit import OF_STEPS
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.users import User
from desktop_crm.rights import (
    ACTIONS,
    EVERY,
    GIVABLE,
    GONE,
    NOBODY_CHOSEN,
    OF_ROLES,
    REFUSALS,
    NotAllowed,
    Right,
)
from desktop_crm.settings import SHOP_NAME, TIME_ZONE, Setting
from desktop_crm.store import audit as store_audit
from desktop_crm.store import backups as store_backups
from desktop_crm.store import (
    ballast,
    customer_figures,
    door,
    folders,
    journal,
    keys,
    migrations,
    relocking,
    room,
    swap,
)
from desktop_crm.store import open as store_open
from desktop_crm.store import search as store_search
from desktop_crm.store import settings as store_settings
from desktop_crm.store.connections import Connections
from desktop_crm.store.door import Entered, Pass
from desktop_crm.store.errors import DiskFull, ShopExists, ShopReadOnly
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys
from desktop_crm.store.rows import Database, known_failures
from desktop_crm.store.seals import Lock

T = TypeVar("T")
log = logging.getLogger(__name__)

_PARTS = (*store_open.LEFT_BEHIND, *keys.NAMES)
"""What a folder holds that has a shop, or half of one."""


@dataclass(frozen=True)
class Change:
    """A change while it is open and after it: its id (for undo), label, and the nouns it touches."""

    id: int
    label: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Shop:
    """The first argument of every feature function.

    Attributes:
        folder: where shop.db, the key file and backups/ lie.
        clock: where now comes from.
        staff_id: who is at the counter, None where nobody was chosen.
        rights: what that person might do when they came to the counter; `change` looks again.
    """

    folder: Path
    clock: Clock
    staff_id: int | None = None
    rights: frozenset[Right] = EVERY
    _connections: Connections = field(repr=False, compare=False, default=None)  # type: ignore[assignment]

    @classmethod
    def create(cls, folder: Path, name: str, clock: Clock | None = None) -> Shop:
        """Make an empty shop in `folder` (made if missing).

        Raises:
            PlaceRefused: a network drive, or a folder that a program keeps in step with other computers.
            ShopExists: the folder already holds one, or half of one.
            ShopReadOnly: the folder cannot be written to.
        """
        places.check_new(folder)
        there = any(os.path.exists(folder / part) for part in _PARTS)
        if there and not folders.is_unfinished(folder):
            raise ShopExists(
                _(
                    "There is already a shop in {folder}; it was left as it was. Open it, or choose another folder."
                ).format(folder=folder)
            )
        try:
            with folders.making(folder, _PARTS):
                folders.make(folder / "backups")
                made = keys.create(folder)
                with closing(store_open.connect(folder, made.database_key(), write=True, create=True)) as db:
                    migrations.apply(db)
            shop = cls.open(folder, clock)
            own = shop.at_counter(PROGRAM)
            with own.change(_("New shop {name}").format(name=name), {"settings"}):
                own.put(SHOP_NAME, name)
        except BaseException as error:
            folders.clear(folder, _PARTS)
            if isinstance(error, OSError):
                if room.was_out(error, folder):
                    raise room.full() from error
                raise ShopReadOnly(
                    _(
                        "No shop can be made in {folder}: it cannot be written to. Nothing was changed; "
                        "choose another folder."
                    ).format(folder=folder)
                ) from error
            raise
        return shop

    @classmethod
    def open(
        cls,
        folder: Path,
        clock: Clock | None = None,
        *,
        password: str | None = None,
        user: str | int | None = None,
        code: str | None = None,
    ) -> Shop:
        """Open the shop in `folder`, bringing an older file up to date after a verified backup; on any thread.

        At the counter is then whose password it was, the first owner where it was the recovery code, nobody where the
        shop has no password.

        Args:
            password: of `user` (name or id), or of anybody for None. code: the recovery code, instead.

        Raises:
            PasswordNeeded, PasswordWrong, TooManyTries, CodeWrong, CodeOld, UserGone: who came is not let in.
            PlaceRefused, ShopMissing, ShopForeign, ShopNewer, ShopDamaged, KeyFileMissing, KeyFileUnreadable,
            KeyFileDamaged, KeyFileOld, ShopReadOnly, ShopBusy: each with its sentence; the files stay as they were.
        """
        if swap.finish(folder):
            log.info("a restore that was interrupted is finished")
        store_open.check_finished(folder)
        store_open.check_there(folder)
        places.check_present(folder)
        given, now = Pass(password, user, code), clock or SystemClock()
        try:
            with room.explained(folder):
                return cls._enter(folder, given, now)
        except DiskFull:
            if not ballast.give_up(folder):
                raise
            return cls._enter(folder, given, now)

    @classmethod
    def open_with(cls, folder: Path, opened: Keys, clock: Clock | None = None) -> Shop:
        """As `open`, with keys that are there already, like a copy of a shop that is open; nobody is at the counter."""
        return cls._enter(folder, Pass(opened=opened), clock or SystemClock())

    @classmethod
    def _enter(cls, folder: Path, given: Pass, clock: Clock) -> Shop:
        entered = door.enter(folder, given, clock.now())
        db, own = entered.db, Connections(folder, entered.keys, entered.db)
        shop = cls(folder, clock, None, EVERY, own)
        try:
            if migrations.pending(db):
                store_open.check_alone(db)
                store_backups.make(db, folder, own.keys, "migration", shop.stamp_utc())
                migrations.apply(db)
                with shop.upkeep():
                    pass  # a step may leave search and figures to be made anew
            store_open.check_whole(db)
            store_open.take_over(db)
            relocking.settle(own)
            shop = shop._let_in(entered)
            if threading.current_thread() is not threading.main_thread():
                own.drop_own_reader()  # the thread that opens a shop for the window ends, its connection would stay
        except BaseException:
            shop.close()
            raise
        log.info("opened shop %s", own.keys.shop_id)
        return shop

    def _let_in(self, entered: Entered) -> Shop:
        """The shop with whoever opened it at the counter; it is noted in the audit trail."""
        own = self._connections
        lost = relocking.lost_owner(own) if entered.user is not None else None
        if lost is not None:
            words = _("{name}, who has the owner's password, is the owner again").format(name=lost.name)
            with self.at_counter(PROGRAM).change(words, {"staff"}):
                relocking.bring_back(self.db, lost, self.stamp())
        staff_id = relocking.who_came(own, entered)
        if staff_id is None:
            return self
        relocking.catch_up(own)
        relocking.note_coming(own, entered, self.stamp(), self.today().isoformat(), staff_id)
        return self.at_counter(staff_id)

    @property
    def keys(self) -> Keys:
        """The opened key file as it is now."""
        return self._connections.keys

    def change_keys(self, edit: Callable[[KeyFile, Keys], KeyFile]) -> None:
        """Write the key file as `edit` makes it of the present one; nothing is encrypted anew.

        Raises:
            LocksChanged, DiskFull, ShopReadOnly, ShopBusy: nothing was changed.
        """
        relocking.change(self._connections, edit)

    def change_locks(self, also: Iterable[tuple[User, Lock]] = ()) -> None:
        """Give the shop a new secret, and lock the whole file with it; whoever had a password has it still.

        Args:
            also: whom to give a password besides.

        Raises:
            LocksChanged, DiskFull, ShopReadOnly, ShopBusy: nothing was changed.
        """
        with room.explained(self.folder):
            relocking.renew(self._connections, also)

    @property
    def db(self) -> Database:
        """This thread's connection: the writing one while this thread has a change open, else a read-only one.

        It shows, and `update` writes, no column that the person at the counter may not see.
        """
        own = self._connections
        inside = own.change_open and own.writer_thread == threading.get_ident()
        found = own.writing() if inside else own.reader()
        return found if "cost" in self.rights else found.without_cost

    @contextmanager
    def change(
        self,
        label: str,
        kinds: Iterable[str],
        *,
        action: str = "",
        undo_of: int | None = None,
        bulk: bool = False,
    ) -> Iterator[Change]:
        """Everything written inside is one step: all of it is kept and can be taken back, or none of it happens.

        Args:
            label: a whole sentence for History and Ctrl+Z.
            kinds: the nouns that change, for refreshing pages.
            action: its name in `rights.ACTIONS`; every change of the program has one.
            undo_of: the change this one takes back; only history.py sets it.
            bulk: it writes thousands of rows, on a connection of its own that is closed with what it needed for them.

        Raises:
            RuntimeError: on a change inside a change.
            NotAllowed: the person at the counter may not do this; nothing was saved.
            DiskFull, ShopBusy, ShopReadOnly: nothing was saved.
        """
        with self._transaction(bulk=bulk) as db:
            if action:
                self._check_may(action)
            now, nouns = self.now(), frozenset(kinds)
            day = local_day(now, self.zone).isoformat()
            noun_text = ",".join(sorted(nouns))
            change_id = journal.begin(db, label, noun_text, to_instant(now), day, self.staff_id, undo_of)
            done = Change(change_id, label, nouns)
            # nobody else can write meanwhile, and who changes settings says so in the kinds
            self._connections.settings = None if "settings" in nouns else {}
            yield done
            store_search.refresh(db)
            customer_figures.refresh(db)
            journal.end(db)
            kept = journal.did_anything(db, change_id)
            if kept:
                store_audit.append_change(
                    db, change_id, at=to_instant(now), day=day, staff_id=self.staff_id,
                    action=OF_STEPS.get(action, "change"), kinds=noun_text, label=label, step=action,
                )  # fmt: skip
                if "staff" in nouns:  # last: the key file is outside the transaction
                    relocking.follow_staff(self._connections, db)
            else:
                db.connection.execute("ROLLBACK")
        if kept:
            for listener in self._connections.listeners:
                listener(done)

    @contextmanager
    def upkeep(self) -> Iterator[None]:
        """Write what is no step of anybody, like the search index and what the journal forgets.

        The file itself refuses to write anything that a person entered, because no change is open.
        """
        with self._transaction() as db:
            yield
            store_search.refresh(db)
            customer_figures.refresh(db)

    @contextmanager
    def _transaction(self, *, bulk: bool = False) -> Iterator[Database]:
        with self._connections.transaction(bulk=bulk) as db:
            yield db

    def check_in_place(self) -> None:
        """Refuse to go on where the shop file is not the one that was opened; only looked at, never opened.

        Raises:
            ShopUnreachable: it is gone, or another one lies in its place; what was saved before is in the one that was.
        """
        self._connections.check_in_place()

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Have `listener` told of each change of this process that was kept, on the thread that made it."""
        self._connections.listeners.append(listener)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One unchanging view of the shop for several reads; may be nested, and inside a change it is that change."""
        db = self.db
        if db.connection.in_transaction:
            yield db
            return
        db.connection.execute("BEGIN")
        try:
            yield db
        finally:
            db.connection.execute("COMMIT")

    def read_anew(self) -> None:
        """Read on a fresh connection from now on, on this thread."""
        self._connections.drop_own_reader()

    def at_counter(self, staff_id: int | None) -> Shop:
        """The same shop with another person at the counter, and what they may do now."""
        return replace(self, staff_id=staff_id, rights=self._rights_of(staff_id))

    def _rights_of(self, staff_id: int | None) -> frozenset[Right]:
        """What somebody may do as the file has it now; nobody in particular everything, while everybody can open it."""
        if staff_id == PROGRAM or (staff_id is None and not self.keys.is_protected):
            return EVERY
        member = None if staff_id is None else self.db.get(StaffMember, staff_id)
        if member is None or not member.active:
            return frozenset()
        if member.role == "owner":
            return EVERY
        given = self.get(OF_ROLES[member.role])
        return frozenset(right for right in GIVABLE if right in given)

    def may(self, right: Right) -> bool:
        """Whether the person at the counter might do it when they came; `require` looks again."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Stop where the person at the counter may not do it, as the file has it now.

        Raises:
            NotAllowed: in the words of that right; nothing was done.
        """
        if right not in self._rights_of(self.staff_id):
            member = self.db.get(StaffMember, self.staff_id or PROGRAM)
            if member is None:
                raise NotAllowed(_(NOBODY_CHOSEN))
            raise NotAllowed(_(REFUSALS[right] if member.active else GONE).format(name=member.name))

    def _check_may(self, action: str) -> None:
        needed = ACTIONS[action]
        if needed is not None:
            self.require(needed)
        elif self.staff_id:
            member = self.db.get(StaffMember, self.staff_id)
            if member is not None and not member.active:
                raise NotAllowed(_(GONE).format(name=member.name))

    def get(self, setting: Setting[T]) -> T:
        """The present value of a setting."""
        own = self._connections
        if own.settings is None or own.writer_thread != threading.get_ident():
            text = store_settings.read(self.db, setting.key)
        elif setting.key in own.settings:
            text = own.settings[setting.key]
        else:
            text = own.settings[setting.key] = store_settings.read(self.db, setting.key)
        return setting.default if text is None else setting.decode(text)

    def put(self, setting: Setting[T], value: T) -> None:
        """Set a setting; inside a change of kind "settings"."""
        store_settings.write(self.db, setting.key, setting.encode(value))

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.get(TIME_ZONE))

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The present day in shop time."""
        return local_day(self.now(), self.zone)

    def stamp(self) -> str:
        """The present instant as stored."""
        return to_instant(self.now())

    def stamp_utc(self) -> str:
        """As `stamp`; needs no open file."""
        return to_instant(self.clock.now())

    def data_version(self) -> int:
        """A number that changes when somebody else (the command line, another window) wrote to the shop."""
        found: int = self._connections.reader().value("PRAGMA data_version")
        return found

    def settle(self) -> None:
        """Tidy the search index and move the write-ahead log into the file; for when nothing is going on."""
        with self._transaction() as db:
            store_search.tidy(db)
        own = self._connections
        with own.lock, known_failures():
            store_open.checkpoint(own.writing())

    def close(self) -> None:
        """Close all connections, after which nothing can be asked; the write-ahead log is moved into the file."""
        self._connections.close()
