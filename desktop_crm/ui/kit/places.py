"""Where a dialog begins to look for a file; which file that is, the pages say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def documents(name: str = "") -> str:
    """The folder where this person's documents are, or `name` in it.

    The folder in which the program was started is no good place: a shop's owner never finds a report there again.
    """
    places = QStandardPaths.StandardLocation
    found = (
        QStandardPaths.writableLocation(place) for place in (places.DocumentsLocation, places.HomeLocation)
    )
    folder = next((Path(each) for each in found if each and Path(each).is_dir()), Path())
    return str(folder / name)
