"""Product and TAC rows."""

from __future__ import annotations

from desktop_crm.records.products import Product, Tac
from desktop_crm.store.rows import Database


def listing(db: Database, active_only: bool) -> list[Product]:
    """All products by category and name."""
    return db.records(
        Product, "SELECT * FROM products WHERE active OR NOT ? ORDER BY category, name", (active_only,)
    )


def find(db: Database, words: list[str], limit: int) -> list[Product]:
    """Active products that hold every word (lower case), those sold last first."""
    holds = "".join(
        " AND lower(name || ' ' || brand || ' ' || barcode) LIKE ? ESCAPE '\\'" for _word in words
    )
    escaped = [f"%{word.translate(_ESCAPES)}%" for word in words]
    return db.records(
        Product,
        f"SELECT * FROM products WHERE active{holds} ORDER BY coalesce((SELECT max(id) FROM purchase_lines "
        "WHERE product_id = products.id), 0) DESC, name LIMIT ?",
        (*escaped, limit),
    )


_ESCAPES = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def by_name(db: Database, name: str) -> Product | None:
    """The active product of that very name."""
    return db.record(Product, "SELECT * FROM products WHERE name = ? AND active", (name,))


def by_barcode(db: Database, barcode: str) -> Product | None:
    """The active product with that barcode."""
    return db.record(
        Product, "SELECT * FROM products WHERE barcode = ? AND barcode <> '' AND active", (barcode,)
    )


def tac(db: Database, code: str) -> Tac | None:
    """What a type allocation code means, as learnt."""
    return db.record(Tac, "SELECT * FROM tacs WHERE tac = ?", (code,))


def by_tac(db: Database, code: str) -> Product | None:
    """The product a type allocation code means."""
    return db.record(
        Product, "SELECT p.* FROM products p JOIN tacs t ON t.product_id = p.id WHERE t.tac = ?", (code,)
    )
