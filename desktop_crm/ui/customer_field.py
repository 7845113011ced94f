"""A form field that names a customer: type digits, a name or pinyin, and choose one of those found."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from desktop_crm import customers, search
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.search import Hit, SearchResult
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.jobs import Jobs

SHOWN = 8


class CustomerField(Field[int | None]):
    """One customer, or nobody.

    Args:
        customer_id: who is filled in at first.
    """

    def __init__(
        self,
        jobs: Jobs,
        label: str,
        *,
        customer_id: int | None = None,
        required: bool = False,
        hint: str = "",
    ) -> None:
        self.line = QLineEdit()
        self._jobs = jobs
        self._chosen = customer_id
        self._hits: tuple[Hit, ...] = ()
        self._model = QStringListModel()
        super().__init__(label, self.line, required=required, check=None, hint=hint)
        self.line.setPlaceholderText(_("Phone digits, name or pinyin"))
        self._completer = QCompleter(self._model, self.line)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._popup = QListView()
        self._popup.setObjectName("choices")
        self._completer.setPopup(self._popup)
        self._completer.setWidget(self.line)
        # Enter in the opened list never comes here as a key: the completer takes it and says what it stood on
        by_index = self._completer.activated[QModelIndex]  # type: ignore[index]  # the stubs know one signature
        by_index.connect(lambda index: self._choose(index.row()))
        self.line.textEdited.connect(self._ask)
        if customer_id is not None:
            self.set_value(customer_id)

    def value(self) -> int | None:
        return self._chosen

    def set_value(self, value: int | None) -> None:
        self._chosen = value
        self.line.clear()
        if value is not None:
            self._jobs.query(
                lambda shop: customers.get(shop, value).name, self._show_name, key=f"customer.{id(self)}"
            )

    def hits(self) -> tuple[Hit, ...]:
        """Who was found for what is typed."""
        return self._hits

    def is_empty(self) -> bool:
        return self._chosen is None and not self.line.text().strip()

    def _misread(self) -> str:
        return "" if self._chosen is not None else _("Please choose one of those found.")

    def _enters(self, event: QKeyEvent) -> bool:
        if not super()._enters(event):
            return False
        if self._chosen is None and self._hits:
            self._choose(max(self._popup.currentIndex().row(), 0))
        return True

    def _show_name(self, name: str) -> None:
        self.line.setText(name)

    def _ask(self, text: str) -> None:
        self._chosen = None
        self._hits = ()
        self.changed.emit()
        if not text.strip():
            self._popup.hide()
            return
        self._jobs.query(lambda shop: search.find(shop, text, SHOWN), self._show, key=f"customer.{id(self)}")

    def _show(self, found: SearchResult) -> None:
        if self._chosen is not None or found.query != self.line.text():
            return
        self._hits = found.hits
        self._model.setStringList([_words(hit) for hit in found.hits])
        if found.hits and self.line.hasFocus():
            self._completer.complete()
            self._popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        else:
            self._popup.hide()

    def _choose(self, row: int) -> None:
        if row < len(self._hits):
            hit = self._hits[row]
            self._chosen = hit.customer_id
            self.line.setText(_words(hit))
            self._popup.hide()
            self.changed.emit()


def _words(hit: Hit) -> str:
    phone = show_phone(hit.phones[0]) if hit.phones else ""
    return f"{hit.name} · {phone}" if phone else hit.name
