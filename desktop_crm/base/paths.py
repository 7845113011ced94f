"""Where the program's resources and the person's data lie; nothing here creates or opens anything."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """A path below resources/: beside the package in a checkout, inside it when installed."""
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)


def data_dir() -> Path:
    """Where shops and the demo lie unless the person chose another folder."""
    return Path(platformdirs.user_data_dir("desktop-crm", appauthor=False))


def config_dir() -> Path:
    """Where this machine's own choices lie: last shop, language, window sizes."""
    return Path(platformdirs.user_config_dir("desktop-crm", appauthor=False))


def log_dir() -> Path:
    """Where the log files lie."""
    return Path(platformdirs.user_log_dir("desktop-crm", appauthor=False))
