"""Which customers a filter names, as SQL; what the fields are called and how a filter is written is in who.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Clause:
    """A condition on one live customer, for the WHERE of any query.

    Attributes:
        sql: over the aliases c (customers) and f (customer_figures, which holds the live cards and no others); its own
            subqueries use neither name; never NULL, so that NOT is the complement; '' is everybody.
        params: what its question marks stand for, in order.
    """

    sql: str = ""
    params: tuple[Any, ...] = ()  # whatever SQLite can bind

    @cached_property
    def needs_customers(self) -> bool:
        """Whether it looks at columns of c; where not, customer_figures alone answers."""
        return re.search(r"\bc\.", self.sql) is not None

    @property
    def where(self) -> str:
        """The sql in brackets, '1' for everybody: what stands behind WHERE or AND."""
        return f"({self.sql})" if self.sql else "1"
