"""Product and TAC rows."""

from __future__ import annotations

from desktop_crm.records.products import Product, Tac
from desktop_crm.store.rows import Database


def listing(db: Database, active_only: bool) -> list[Product]:
    """All products by category and name."""
    return db.records(
        Product, "SELECT * FROM products WHERE active OR NOT ? ORDER BY category, name", (active_only,)
    )


def by_last_sale(db: Database) -> list[Product]:
    """Active products, those sold last first, then by name."""
    return db.records(
        Product,
        "SELECT * FROM products WHERE active ORDER BY coalesce((SELECT max(id) FROM purchase_lines "
        "WHERE product_id = products.id), 0) DESC, name",
    )


def by_name(db: Database, name: str) -> Product | None:
    """The active product of that very name."""
    return db.record(Product, "SELECT * FROM products WHERE name = ? AND active", (name,))


def by_barcode(db: Database, barcode: str) -> Product | None:
    """The active product with this barcode."""
    return db.record(
        Product, "SELECT * FROM products WHERE barcode = ? AND barcode <> '' AND active", (barcode,)
    )


def tac(db: Database, code: str) -> Tac | None:
    """What a type allocation code means, as learnt."""
    return db.record(Tac, "SELECT * FROM tacs WHERE tac = ?", (code,))


def tacs(db: Database) -> list[Tac]:
    """All that was learnt about type allocation codes."""
    return db.records(Tac, "SELECT * FROM tacs")
