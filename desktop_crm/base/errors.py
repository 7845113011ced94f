"""The two kinds of failure: `CrmError` is one the person can act upon, anything else is a bug.

Small classes, one per cause, live beside what raises them; only what several rings share lives here.
"""

from __future__ import annotations


class CrmError(Exception):
    """Something the person can act upon; the message is ready to show.

    The message says in whole translated sentences what happened, what is safe and what to do.
    """


class Cancelled(Exception):
    """A long task was cancelled by the person: not an error, and nothing was changed."""
