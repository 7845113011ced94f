"""The SQL by which staged rows find each other and the shop's customers; which rule comes first is importing/matching.py's.

Everything runs on the staging database with the shop attached beside it as `shop` (see Staging.beside).
Candidates carry `how` (CARD … NAME), `agrees`: whether name (or, for NAME and BIRTHDAY, the telephone) speaks for
the match as well, and `weight`: of cards that share a number, those of the row's own name and of more of its numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop_crm.store.rehearsed import WHO_MAY, WHO_WAITS
from desktop_crm.store.rows import Database
from desktop_crm.store.staging import Rows, Staging

CARD, EXTERNAL, PHONE, IMEI, BIRTHDAY, NAME, NAMESAKE, PERSON = 1, 2, 3, 4, 5, 6, 7, 8
"""How a candidate was found, the strongest first; PERSON: somebody said so."""

_KEY = "lower(replace({0}, ' ', ''))"
_SAME_NAME = f"{_KEY.format('s.name')} = {_KEY.format('c.name')}"
_CALLED_BY_NUMBER = "c.name IN (SELECT x.number FROM shop.phones x WHERE x.customer_id = c.id)"
_LIVE = "c.deleted_at IS NULL AND c.merged_into IS NULL"
_OPEN = "s.bad = 0 AND s.doubt = 0"
_BARE = "s.phones = '' AND s.card_no = '' AND s.external_id = ''"
_SHARES_A_NUMBER = (
    "EXISTS (SELECT 1 FROM numbers p JOIN shop.phones x ON x.number = p.number "
    "WHERE p.n = s.n AND x.customer_id = c.id)"
)
_HAS_NUMBERS = "EXISTS (SELECT 1 FROM shop.phones x WHERE x.customer_id = c.id)"
_NO_NAME = f"(s.name = '' OR c.name IN ('', c.card_no, c.external_id) OR {_CALLED_BY_NUMBER})"
_AGREES = (
    f"({_SAME_NAME} OR {{more}} ({_NO_NAME} AND (s.phones = '' OR NOT {_HAS_NUMBERS})) OR {_SHARES_A_NUMBER})"
)
"""A code is the same person's as in the shop where name or number speak for it, or nothing can speak against it."""
_ADD = "INSERT INTO candidates (n, customer_id, how, agrees)"


def begin(staging: Staging) -> None:
    """Forget what an earlier matching found."""
    if staging.judged:
        staging.execute(
            "UPDATE stage SET customer_id = NULL, leader = NULL, how = NULL, verdict = NULL, changes = NULL, "
            "origin = NULL, told = NULL, asks = NULL, suspect = NULL"
        )
    staging.judged = True
    for table in ("candidates", "repeated", "shared", "fold_keys", "contested", "new_values"):
        staging.execute(f"DROP TABLE IF EXISTS {table}")
    staging.execute(
        "CREATE TABLE candidates (n INTEGER, customer_id INTEGER, how INTEGER, agrees INTEGER, weight INTEGER DEFAULT 0)"
    )


def split_numbers(staging: Staging) -> None:
    """Fill `numbers` from the staged telephone columns: one row per number, each once, with its label."""
    staging.execute("DELETE FROM numbers")
    staging.execute(
        "INSERT INTO numbers SELECT n, 0, phones, '' FROM stage "
        "WHERE phones <> '' AND instr(phones, ' ') = 0 AND instr(phones, 'x') = 0"
    )
    several = staging.rows("SELECT n, phones FROM stage WHERE instr(phones, ' ') OR instr(phones, 'x')")
    staging.executemany(
        "INSERT INTO numbers VALUES (?, ?, ?, ?)",
        (
            (n, position, number, label)
            for n, phones in several
            for position, (number, label) in enumerate(_each_once(phones))
        ),
    )
    staging.execute("CREATE INDEX IF NOT EXISTS numbers_n ON numbers (n)")


def _each_once(phones: str) -> Iterable[tuple[str, str]]:
    found: dict[str, str] = {}
    for number, label in map(number_and_label, phones.split(" ")):
        found[number] = found.get(number) or label
    return found.items()


def number_and_label(staged: str) -> tuple[str, str]:
    """A staged number and its label: "x" and an extension, "=" and a label, whose spaces do not break.

    >>> number_and_label("01088888888x801=公司")
    ('01088888888', '转801 公司')
    """
    number, _x, rest = staged.partition("x")
    extension, _sign, label = rest.partition("=")
    parts = (f"转{extension}" if extension else "", label.replace("\xa0", " "))
    return number, " ".join(part for part in parts if part)


def share_numbers(staging: Staging) -> None:
    """Fill `repeated` with the numbers that stand in several rows, and `shared` with those that the sheet gives to people
    of different names: they are no key.
    """
    staging.execute("CREATE TABLE repeated AS SELECT number FROM numbers GROUP BY number HAVING count(*) > 1")
    staging.execute("CREATE UNIQUE INDEX repeated_number ON repeated (number)")
    staging.execute(
        "CREATE TABLE shared AS SELECT p.number FROM numbers p CROSS JOIN repeated r ON r.number = p.number "
        "CROSS JOIN stage s ON s.n = p.n WHERE s.name <> '' AND s.bad = 0 "
        f"GROUP BY p.number HAVING count(*) > 1 AND count(DISTINCT {_KEY.format('s.name')}) > 1"
    )
    staging.execute("CREATE UNIQUE INDEX shared_number ON shared (number)")


def candidates_by_code(staging: Staging) -> None:
    """Candidates with the same card number or the same key of another program, or into whom such a card went."""
    for how, column, extra in ((CARD, "card_no", ""), (EXTERNAL, "external_id", "")):
        staging.execute(
            f"{_ADD} SELECT s.n, c.id, {how}, {_AGREES.format(more='')} FROM stage s CROSS JOIN shop.customers c "
            f"ON c.{column} = s.{column} AND c.{column} <> '' WHERE s.{column} <> '' AND {_OPEN} AND {_LIVE} {extra}"
        )
    of_merged = f"{_KEY.format('s.name')} = {_KEY.format('m.name')} OR"
    for how, column in ((CARD, "card_no"), (EXTERNAL, "external_id")):
        staging.execute(  # a card that went into another one still leads there
            f"{_ADD} SELECT s.n, c.id, {how}, max({_AGREES.format(more=of_merged)}) FROM shop.customers m CROSS JOIN stage s "
            f"ON s.{column} = m.{column} CROSS JOIN shop.customers c ON c.id = m.merged_into "
            f"WHERE m.merged_into IS NOT NULL AND m.{column} <> '' AND {_OPEN} AND {_LIVE} "
            "AND s.n NOT IN (SELECT n FROM candidates) GROUP BY s.n, c.id"
        )


def candidates_by_phone(staging: Staging) -> None:
    """Candidates with one of the numbers; they agree where the name is the same or one of them has none."""
    staging.execute(
        f"INSERT INTO candidates SELECT s.n, c.id, {PHONE}, max({_SAME_NAME} OR s.name = '' OR {_CALLED_BY_NUMBER}), "
        f"CASE WHEN s.name = '' THEN 0 ELSE 1000000 * ({_SAME_NAME}) + 1000 * count(DISTINCT t.number) "
        "- (SELECT count(*) FROM shop.phones x WHERE x.customer_id = c.id) END "
        "FROM numbers p CROSS JOIN shop.phones t ON t.number = p.number CROSS JOIN stage s ON s.n = p.n "
        f"CROSS JOIN shop.customers c ON c.id = t.customer_id WHERE {_OPEN} AND {_LIVE} GROUP BY s.n, c.id"
    )


def candidates_by_imei(staging: Staging) -> None:
    """Candidates who own a device with the row's IMEI; a phone may have been sold on, so the name decides."""
    staging.execute(
        f"{_ADD} SELECT DISTINCT s.n, c.id, {IMEI}, {_SAME_NAME} OR s.name = '' FROM stage s "
        "CROSS JOIN shop.devices d ON d.imei = s.imei AND d.imei <> '' CROSS JOIN shop.customers c ON c.id = d.customer_id "
        f"WHERE s.imei <> '' AND {_OPEN} AND {_LIVE}"
    )


def candidates_by_birthday(staging: Staging) -> None:
    """Candidates with the same name and full birthday; they agree unless both have numbers."""
    staging.execute(
        f"{_ADD} SELECT s.n, c.id, {BIRTHDAY}, s.phones = '' OR NOT EXISTS "
        "(SELECT 1 FROM shop.phones t WHERE t.customer_id = c.id) FROM stage s CROSS JOIN shop.customers c "
        "ON c.name = s.name AND c.birthday = s.birthday AND c.birthday_lunar = s.birthday_lunar "
        f"WHERE s.name <> '' AND s.birthday LIKE '____-%' AND {_OPEN} AND {_LIVE}"
    )


_TELLING = {"wechat": 10_000, "email": 1_000, "birthday": 100, "address": 10, "gender": 1}
"""What tells people of one name apart, and how much it says that it is the same."""
_ONE = 100
"""What says at least this much speaks for one person, whatever else differs."""
_SUMS = ("points", "due", "opening_total", "opening_count", "opening_last")
"""Figures that one person has once."""


def candidates_by_name(staging: Staging) -> None:
    """For rows that have no key but a name: candidates of that name; those agree who have no more than that either,
    and of whom the row says nothing else. The likeliest are those with whom it has most in common.
    """
    said = {name: weight for name, weight in _TELLING.items() if name in staging.said}
    common = [f"{weight} * (s.{name} <> '' AND s.{name} = c.{name})" for name, weight in said.items()]
    unsaid = [f"(s.{name} = '' AND c.{name} <> '')" for name in said]
    against = [f"(s.{name} <> '' AND c.{name} <> '' AND s.{name} <> c.{name})" for name in said]
    alike = f"({' + '.join(common or ['0'])})"
    staging.execute(
        f"INSERT INTO candidates SELECT s.n, c.id, {NAME}, c.card_no = '' AND NOT EXISTS "
        "(SELECT 1 FROM shop.phones t WHERE t.customer_id = c.id) "
        f"AND ({alike} >= {_ONE} OR NOT ({' OR '.join(against or ['0'])})), {alike} - ({' + '.join(unsaid or ['0'])}) "
        "FROM stage s CROSS JOIN shop.customers c ON c.name = s.name "
        f"WHERE s.name <> '' AND {_BARE} AND {_OPEN} AND {_LIVE}"
    )


def namesakes(staging: Staging) -> None:
    """Candidates who are the only one of a rather rare name (three signs or more); never enough by itself."""
    staging.execute(
        f"{_ADD} SELECT s.n, c.id, {NAMESAKE}, 0 FROM stage s CROSS JOIN (SELECT c.name, min(c.id) AS id "
        f"FROM shop.customers c WHERE {_LIVE} AND length(c.name) >= 3 GROUP BY c.name HAVING count(*) = 1) c "
        f"ON c.name = s.name WHERE s.phones <> '' AND {_OPEN}"
    )


def found(staging: Staging) -> Rows:
    """(n, how, customer_id, how many, of how many names) of the strongest agreeing candidates of each row."""
    return staging.rows(
        f"SELECT d.n, d.how, min(d.customer_id), count(*), count(DISTINCT {_KEY.format('c.name')}) FROM (SELECT *, "
        "rank() OVER (PARTITION BY n ORDER BY how, weight DESC) AS place FROM candidates WHERE agrees) d "
        "JOIN shop.customers c ON c.id = d.customer_id WHERE d.place = 1 GROUP BY d.n"
    )


def disputed_cards(staging: Staging) -> dict[int, tuple[str, str]]:
    """n → (card number, its holder's name) of rows with a card number that the sheet gives to several names."""
    return {
        n: (card_no, name)
        for n, card_no, name in staging.rows(
            f"SELECT s.n, s.card_no, c.name FROM stage s JOIN candidates d ON d.n = s.n AND d.how = {CARD} "
            f"JOIN shop.customers c ON c.id = d.customer_id WHERE s.name <> '' AND NOT ({_SAME_NAME}) AND s.card_no IN "
            f"(SELECT s.card_no FROM stage s WHERE s.card_no <> '' AND s.name <> '' AND s.bad = 0 GROUP BY 1 "
            f"HAVING count(DISTINCT {_KEY.format('s.name')}) > 1)"
        )
    }


def nameless_shared(staging: Staging) -> set[int]:
    """Rows that say nothing but a number which the sheet gives to people of different names."""
    return {
        n
        for (n,) in staging.rows(
            "SELECT DISTINCT s.n FROM shared x JOIN numbers p ON p.number = x.number JOIN stage s ON s.n = p.n "
            f"WHERE s.name = '' AND s.card_no = '' AND s.external_id = '' AND {_OPEN}"
        )
    }


def doubtful(staging: Staging) -> Rows:
    """(n, its name, how, customer_id, that one's name, how many) of the strongest candidates of rows that none agrees with."""
    return staging.rows(
        "SELECT d.n, s.name, d.how, d.customer_id, c.name, d.count FROM (SELECT c.n, c.how, min(c.customer_id) AS customer_id, "
        "count(*) AS count FROM candidates c JOIN (SELECT n, min(how) AS how FROM candidates GROUP BY n "
        "HAVING NOT max(agrees)) best ON best.n = c.n AND best.how = c.how GROUP BY c.n) d "
        "JOIN stage s ON s.n = d.n JOIN shop.customers c ON c.id = d.customer_id"
    )


def in_bin(staging: Staging) -> Rows:
    """(n, how, the name) of rows about nobody who is there, and about somebody whose card lies in the recycle bin."""
    staging.execute("DROP TABLE IF EXISTS binned")
    staging.execute(
        "CREATE TABLE binned AS SELECT c.id, c.name, c.card_no, c.external_id FROM shop.customers c "
        "WHERE c.deleted_at IS NOT NULL AND c.merged_into IS NULL"
    )
    if staging.value("SELECT 1 FROM binned") is None:
        return []
    staging.execute(
        "CREATE TABLE binned_phones AS SELECT t.number, t.customer_id FROM binned c "
        "CROSS JOIN shop.phones t ON t.customer_id = c.id"
    )
    staging.execute("CREATE INDEX binned_number ON binned_phones (number)")
    for column in ("name", "card_no", "external_id"):
        staging.execute(f"CREATE INDEX binned_{column} ON binned ({column})")
    nobody = f"s.verdict IS NULL AND s.customer_id IS NULL AND {_OPEN}"
    same = f"({_SAME_NAME} OR s.name = '')"
    found = staging.rows(
        f"SELECT s.n, {CARD}, c.name FROM stage s CROSS JOIN binned c ON c.card_no = s.card_no "
        f"WHERE s.card_no <> '' AND {same} AND {nobody} UNION ALL "
        f"SELECT s.n, {EXTERNAL}, c.name FROM stage s CROSS JOIN binned c ON c.external_id = s.external_id "
        f"WHERE s.external_id <> '' AND {same} AND {nobody} UNION ALL "
        f"SELECT s.n, {PHONE}, c.name FROM numbers p CROSS JOIN binned_phones t ON t.number = p.number "
        f"CROSS JOIN stage s ON s.n = p.n CROSS JOIN binned c ON c.id = t.customer_id WHERE {same} AND {nobody} UNION ALL "
        f"SELECT s.n, {NAME}, c.name FROM stage s CROSS JOIN binned c ON c.name = s.name WHERE s.name <> '' AND {_BARE} "
        f"AND c.card_no = '' AND c.id NOT IN (SELECT customer_id FROM binned_phones) AND {nobody}"
    )
    staging.execute("DROP TABLE binned_phones")
    return found


def candidates_of(staging: Staging, n: int, how: int) -> list[int]:
    """The agreeing candidates of one row that are as good as each other, the oldest card first."""
    return [
        row[0]
        for row in staging.rows(
            "SELECT customer_id FROM candidates WHERE n = ?1 AND how = ?2 AND agrees AND weight = (SELECT max(weight) "
            "FROM candidates WHERE n = ?1 AND how = ?2 AND agrees) ORDER BY customer_id",
            (n, how),
        )
    ]


def owners_of_number(staging: Staging, n: int) -> int:
    """How many different names the shop knows for the numbers of a row."""
    found: int = staging.value(
        f"SELECT count(DISTINCT {_KEY.format('c.name')}) FROM numbers p JOIN shop.phones t ON t.number = p.number "
        f"JOIN shop.customers c ON c.id = t.customer_id WHERE p.n = ? AND {_LIVE}",
        (n,),
    )
    return found


def number_is_shared(staging: Staging, n: int) -> bool:
    """Whether the sheet gives a number of this row to different names."""
    return staging.value("SELECT 1 FROM numbers JOIN shared USING (number) WHERE n = ?", (n,)) is not None


def set_customers(staging: Staging, found: Iterable[tuple[int, int, int]]) -> None:
    """Note (customer_id, how, n) of rows that were found in the shop."""
    staging.executemany("UPDATE stage SET customer_id = ?, how = ? WHERE n = ?", found)


def doubt(staging: Staging, rows: Iterable[tuple[str, int, int | None, int]]) -> None:
    """Note (reason, how, customer asked about, n) of rows that wait for the person to say who they are about."""
    staging.executemany(
        f"UPDATE stage SET verdict = 'skip', told = ?, how = ?, suspect = ?, asks = {WHO_WAITS} WHERE n = ?",
        rows,
    )


def tell(staging: Staging, rows: Iterable[tuple[str, int, int]]) -> None:
    """Note (what to tell, customer it may be, n) of rows that go on all the same."""
    staging.executemany(f"UPDATE stage SET told = ?, suspect = ?, asks = {WHO_MAY} WHERE n = ?", rows)


def leave(staging: Staging, rows: Iterable[int]) -> None:
    """Rows that the person does not want."""
    staging.executemany("UPDATE stage SET verdict = 'skip' WHERE n = ?", ((n,) for n in rows))


def living(staging: Staging, customers: Iterable[int]) -> set[int]:
    """Those of these customers that are still there."""
    found = staging.rows(
        f"SELECT c.id FROM shop.customers c WHERE c.id IN (SELECT value FROM json_each(?)) AND {_LIVE}",
        (json.dumps(list(customers)),),
    )
    return {customer_id for (customer_id,) in found}


def card(db: Database, customer_id: int) -> tuple[str, tuple[str, ...]] | None:
    """Name and numbers of a card, None where it is gone."""
    name = db.value(f"SELECT name FROM customers c WHERE c.id = ? AND {_LIVE}", (customer_id,))
    if name is None:
        return None
    rows = db.rows("SELECT number FROM phones WHERE customer_id = ? ORDER BY position, id", (customer_id,))
    return name, tuple(number for (number,) in rows)


def _contest(staging: Staging, name: str, open_: str) -> str:
    """Fill `contested` with the names whose rows are not one person, for they say different things; what tells them apart."""
    telling = [column for column in _TELLING if column in staging.said and column != "birthday"]
    sums = [column for column in _SUMS if column in staging.said]
    apart = " OR ".join(f"count(DISTINCT nullif(s.{column}, '')) > 1" for column in telling) or "0"
    figures = " OR ".join(f"count(DISTINCT nullif(s.{column}, '')) > 1" for column in sums) or "0"
    staging.execute("CREATE TABLE contested (name TEXT, day TEXT, who INTEGER, sums INTEGER)")
    if telling or sums:
        staging.execute(
            f"INSERT INTO contested SELECT {name}, {apart}, {figures} FROM stage s WHERE s.name <> '' AND {_BARE} "
            f"AND {open_} GROUP BY 1, 2 HAVING {apart} OR {figures}"
        )
    staging.execute("CREATE INDEX contested_name ON contested (name)")
    first = ", ".join([*(f"nullif(s.{column}, '')" for column in telling), "''", "''"])
    return (
        f" || CASE WHEN t.who THEN '|' || coalesce({first}) ELSE '' END || CASE WHEN t.sums THEN '#' || s.n ELSE '' END "
        f"FROM stage s LEFT JOIN contested t ON t.name = {_KEY.format('s.name')}"
    )


def rivals(staging: Staging) -> Rows:
    """(n, its key, customer or None, name) of rows of one name that say different things, the best claims to a card first."""
    if staging.value("SELECT 1 FROM contested") is None:
        return []
    return staging.rows(
        "SELECT s.n, f.key, s.customer_id, s.name FROM fold_keys f CROSS JOIN stage s ON s.n = f.n CROSS JOIN contested t "
        f"ON t.name = {_KEY.format('s.name')} AND t.day = s.birthday LEFT JOIN candidates d ON d.n = s.n "
        f"AND d.customer_id = s.customer_id AND d.how = {NAME} "
        f"WHERE f.key LIKE 'n%' AND (s.how IS NULL OR s.how = {NAME}) ORDER BY d.weight DESC, s.n"
    )


def remark(staging: Staging, rows: Iterable[tuple[str, int]]) -> None:
    """Note (what to tell, n) of rows that go on all the same and ask nothing."""
    staging.executemany("UPDATE stage SET told = ? WHERE n = ?", rows)


def fold_pairs(staging: Staging, *, birthdays: bool, imeis: bool) -> Rows:
    """(n, first row with the same key, key) of rows that may be the same person within the sheet, by any key.

    Keys begin with c (card number), e (of the other program), p (telephone), i (IMEI) or n (name).
    """
    name = _KEY.format("s.name")
    open_ = "s.bad = 0 AND s.doubt = 0 AND s.verdict IS NULL"
    parts = [
        f"SELECT s.n, 'c' || s.card_no FROM stage s WHERE s.card_no <> '' AND {open_}",
        f"SELECT s.n, 'e' || s.external_id FROM stage s WHERE s.external_id <> '' AND {open_}",
        f"SELECT s.n, 'p' || p.number || CASE WHEN x.number IS NULL THEN '' ELSE '|' || {name} END FROM numbers p "
        "CROSS JOIN repeated r ON r.number = p.number CROSS JOIN stage s ON s.n = p.n "
        f"LEFT JOIN shared x ON x.number = p.number WHERE {open_}",
    ]
    if imeis:
        parts.append(
            f"SELECT s.n, 'i' || s.imei || '|' || {name} FROM stage s WHERE s.imei <> '' AND {open_}"
        )
    day = "s.birthday" if birthdays else "''"
    parts.append(
        f"SELECT s.n, 'n' || {name} || '|' || {day}{_contest(staging, f'{name}, {day}', open_)} "
        f"AND t.day = {day} WHERE s.name <> '' AND {_BARE} AND {open_}"
    )
    staging.execute("CREATE TABLE fold_keys (n INTEGER, key TEXT)")
    for part in parts:
        staging.execute(f"INSERT INTO fold_keys {part}")
    return staging.rows(
        "SELECT f.n, k.first, f.key FROM fold_keys f JOIN (SELECT key, min(n) AS first FROM fold_keys GROUP BY key "
        "HAVING count(*) > 1) k ON k.key = f.key WHERE f.n <> k.first"
    )


def matched_ids(staging: Staging) -> Rows:
    """(n, customer_id) of the rows that were found in the shop."""
    return staging.rows("SELECT n, customer_id FROM stage WHERE customer_id IS NOT NULL AND verdict IS NULL")


def names_and_cards(staging: Staging, rows: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """n → (the name as it is compared, the name, the card number) of these rows."""
    return {
        n: (key, name, card_no)
        for n, key, name, card_no in staging.rows(
            f"SELECT s.n, {_KEY.format('s.name')}, s.name, s.card_no FROM stage s "
            "WHERE s.n IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )
    }


def set_leaders(staging: Staging, pairs: Iterable[tuple[int, int | None, int]]) -> None:
    """Note (leader, customer_id, n): rows with the same leader are one person; the leader stands for a new card."""
    staging.executemany("UPDATE stage SET leader = ?, customer_id = ? WHERE n = ?", pairs)
