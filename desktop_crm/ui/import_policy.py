"""The button that says what happens to customers who are known already, and asks for something else."""

from __future__ import annotations

from collections.abc import Callable

from desktop_crm.base.i18n import _
from desktop_crm.importing.plan import Policy
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.palette import Option, Palette, Question

POLICIES: tuple[Policy, ...] = ("fill", "ask", "overwrite", "skip")


def policy_words() -> dict[Policy, tuple[str, str]]:
    """Each policy in few words, and what it does."""
    return {
        "fill": (_("Fill blanks only"), _("what the shop has stays")),
        "ask": (_("Ask me"), _("blanks are filled; what differs waits for you")),
        "overwrite": (_("Overwrite"), _("what the sheet says holds")),
        "skip": (_("Leave known ones alone"), _("only new ones come in")),
    }


class PolicyButton(KeyButton):
    """Says the policy; Alt+P asks for another one.

    Args:
        on_choose: called with the policy that was chosen.
    """

    def __init__(self, on_choose: Callable[[str], object]) -> None:
        super().__init__("", "Alt+P", kind="quiet", icon="users", on_click=self.ask)
        self._on_choose = on_choose
        self._held: Policy = "fill"
        self._is_short = False
        self.palette_list = Palette(self)

    def show_policy(self, policy: Policy) -> None:
        """Say which one holds."""
        self._held = policy
        words = policy_words()[policy][0]
        self.setText(words if self._is_short else _("Known customers: {policy}").format(policy=words))
        self.updateGeometry()

    def set_short(self, short: bool) -> None:
        """Where there is little room it says no more than the policy."""
        self._is_short = short
        self.set_compact(short)
        self.show_policy(self._held)

    def ask(self) -> None:
        """Ask what shall happen to known customers."""

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            if keys[0] != self._held:
                self._on_choose(keys[0])

        options = [Option(policy, " – ".join(policy_words()[policy])) for policy in POLICIES]
        self.palette_list.ask(
            Question(
                _("What happens to customers who are known already?"),
                options,
                chosen,
                marked=frozenset({self._held}),
            )
        )
