"""What each role may do: a table of ticks in Settings. What a right covers is rights.py's business, keeping it roles.py's.

Keys: arrows go from tick to tick, Space gives or takes a right; each is saved at once and can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QScrollArea, QSizePolicy, QWidget

from desktop_crm import roles
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.records.staff import Role
from desktop_crm.rights import GIVABLE, Right
from desktop_crm.settings import RIGHTS
from desktop_crm.ui.frame import ROLES
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import Banner, Panel
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section, hair

_COLUMNS: Final[tuple[Role, ...]] = ("owner", "manager", "clerk")
_TICK_WIDTH = 110
_WIDTH = 860
"""Where there is more room, the ticks stay near the words that they belong to."""
_STEPS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}

_HELP: Final[Mapping[Right, str]] = {
    "phones": N_("Without it, numbers look like 138****8866; each one that is shown by a key is noted."),
    "export": N_("Files with customers, sales and figures, and lists saved as a file."),
    "delete": N_("One card or many at once, and erasing a person for good."),
    "merge": N_("Two cards of one person become one; taking that apart again."),
    "cost": N_("Without it, sales still book what things cost."),
    "staff_figures": N_("Figures by person: without it, only one's own line."),
    "settings": N_("Everything in Settings, except roles, rights and passwords of others."),
    "backups": N_("A restored backup takes the whole shop back in time."),
}


class RightsSection(Section):
    """The table of rights; only owners change it."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.boxes: dict[tuple[Role, Right], QCheckBox] = {}
        self._places: dict[QObject, tuple[int, int]] = {}
        self.notice = Banner(_("Only owners change what the others may do."), "accent")
        panel = Panel(_("Rights"), note=_("arrows move, Space gives or takes a right"))
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        panel.add(self._build_table())
        panel.add(
            Label(
                _(
                    "Owners may always do everything. Who is owner, manager or clerk, whose password opens the shop, "
                    "and this table: only owners change that."
                ),
                "quiet",
                wrap=True,
            )
        )
        column = vbox(self.notice, panel, spacing=S16, on=self)
        column.addStretch(1)
        self.setFocusProxy(self.boxes["manager", GIVABLE[0]])

    def load(self) -> None:
        self.notice.setVisible(not self.desk.shop.may("roles"))
        self.desk.jobs.query(roles.table, self._show_table, key="settings.rights")

    def _build_table(self) -> QWidget:
        held = QWidget()
        held.setMaximumWidth(_WIDTH)
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S12)
        grid.setVerticalSpacing(S8)
        grid.setColumnStretch(0, 1)
        for place, role in enumerate(_COLUMNS):
            head = Label(_(ROLES[role]), "strong")
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.setColumnMinimumWidth(place + 1, _TICK_WIDTH)
            grid.addWidget(head, 0, place + 1)
        labels = dict(RIGHTS)
        for line, right in enumerate(GIVABLE):
            grid.addWidget(hair(), 2 * line + 1, 0, 1, len(_COLUMNS) + 1)
            words = vbox(Label(_(labels[right])), Label(_(_HELP[right]), "tiny", wrap=True), spacing=2)
            grid.addLayout(words, 2 * line + 2, 0)
            for place, role in enumerate(_COLUMNS):
                grid.addWidget(
                    self._build_box(role, right, line, place),
                    2 * line + 2,
                    place + 1,
                    Qt.AlignmentFlag.AlignCenter,
                )
        return held

    def _build_box(self, role: Role, right: Right, line: int, place: int) -> QCheckBox:
        box = self.boxes[role, right] = QCheckBox()
        words = _("{role}: {right}").format(role=_(ROLES[role]), right=_(dict(RIGHTS)[right]))
        box.setAccessibleName(words)
        box.setToolTip(words)
        box.setEnabled(role != "owner")
        box.clicked.connect(partial(self._save_role, role))
        box.installEventFilter(self)
        self._places[box] = (line, place)
        return box

    def _show_table(self, table: dict[Role, frozenset[Right]]) -> None:
        may = self.desk.shop.may("roles")
        for (role, right), box in self.boxes.items():
            box.setChecked(right in table[role])
            box.setEnabled(may and role != "owner")

    def _save_role(self, role: Role) -> None:
        rights = tuple(
            right for (whose, right), box in self.boxes.items() if whose == role and box.isChecked()
        )
        self.desk.jobs.change(
            lambda shop: roles.save(shop, role, rights),
            self._saved,
            on_error=self._refused,
            initiator=self.page,
        )

    def _refused(self, error: CrmError) -> None:
        self.desk.messages.error(str(error))
        self.load()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in self._places:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers():
                self._go(watched, *step)
                return True
        return super().eventFilter(watched, event)

    def _go(self, origin: QObject, down: int, right: int) -> None:
        """To the next tick in this direction that can be changed; at the edge one stays."""
        line, place = self._places[origin]
        line, place = line + down, place + right
        for box, there in self._places.items():
            if there == (line, place) and isinstance(box, QCheckBox) and box.isEnabled():
                box.setFocus(Qt.FocusReason.TabFocusReason)
                self._show_it(box)

    def _show_it(self, box: QWidget) -> None:
        """Scroll to a tick, as Tab does by itself."""
        place = self.parentWidget()
        while place is not None and not isinstance(place, QScrollArea):
            place = place.parentWidget()
        if isinstance(place, QScrollArea):
            place.ensureWidgetVisible(box, 0, 60)
