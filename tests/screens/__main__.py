"""python -m tests.screens OUT [PAGE…] [--set SET…] [--readme]: renders pages and dialogs to OUT/<set>/<page>.png.

Sets: the demo shop in both languages and both themes at 1366×768; once each an empty shop, one with extreme data, the
demo at 1920×1080 and 150 %, and at 911×485 (a 1366×768 PC at 150 %). Each set is a process of its own, because Qt
reads the scale once. `--readme` also renews the pictures of the README.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.screens import shops

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Setting:
    """How one set is rendered: data, language, theme, logical size, device pixels per logical pixel."""

    data: str
    language: str
    dark: bool = False
    width: int = 1366
    height: int = 768
    scale: float = 1.0


SETS = {
    "zh-light": Setting("demo", "zh_CN"),
    "zh-dark": Setting("demo", "zh_CN", dark=True),
    "en-light": Setting("demo", "en"),
    "en-dark": Setting("demo", "en", dark=True),
    "empty": Setting("empty", "zh_CN"),
    "empty-en": Setting("empty", "en"),
    "extreme": Setting("extreme", "zh_CN"),
    "extreme-en": Setting("extreme", "en"),
    "large": Setting("demo", "zh_CN", width=1280, height=720, scale=1.5),
    "small": Setting("demo", "zh_CN", width=911, height=485),
    "small-en": Setting("demo", "en", width=911, height=485),
}


def main() -> int:
    """Make the shops once, then render each asked set in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, default=[])
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        names = asked.sets or list(SETS)
        for data in {SETS[name].data for name in names}:
            shops.MAKERS[data](folder / data)
        for name in names:
            failed += _render(name, folder, asked.out, asked.pages)
    if asked.readme:
        _renew_readme(asked.out)
    return 1 if failed else 0


def _render(name: str, shops_folder: Path, out: Path, pages: list[str]) -> int:
    setting = SETS[name]
    target = out.resolve() / name
    target.mkdir(parents=True, exist_ok=True)
    home = shops_folder / f"home-{name}"
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(setting.scale),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    shop = Path(shutil.copytree(shops_folder / setting.data, shops_folder / f"shop-{name}"))
    command = [sys.executable, "-m", "tests.screens.render", str(shop), str(target), setting.language]
    command += ["dark" if setting.dark else "light", str(setting.width), str(setting.height), *pages]
    status = subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
    print(f"{name}: {len(list(target.glob('*.png')))} pictures in {target}", flush=True)
    shutil.rmtree(shop)
    return int(status != 0)


def _renew_readme(out: Path) -> None:
    pictures = ROOT / "resources" / "pictures"
    pictures.mkdir(exist_ok=True)
    shutil.copyfile(out / "zh-light" / "today.png", pictures / "today.png")
    shutil.copyfile(out / "zh-light" / "paper.png", pictures / "report.png")


if __name__ == "__main__":
    sys.exit(main())
