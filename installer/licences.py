"""Write what goes with a build: `python3 installer/licences.py FOLDER`.

licences.txt: whose work is in it and the words of each licence. sbom.cdx.json: the bill of materials, CycloneDX 1.6
(cyclonedx.org/docs/1.6/json). The notice and the texts of the LGPL and GPL that Qt needs beside it.
Made of what is installed in .venv, so that the versions are those of the build; the same build gives the same files.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installer import bootstrap, requirements, terminal

_RULE = "=" * 78
_INSIDE = "--in-the-environment"


def bill_of_materials(parts: list[Any]) -> dict[str, Any]:  # desktop_crm.base.licences.Part; JSON values
    """The CycloneDX document of these parts."""
    table = requirements.project()
    own = f"{table['name']}@{table['version']}"
    components = [_component(part) for part in parts]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": table["name"],
                "version": table["version"],
                "licenses": [{"expression": table["license"]}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": own, "dependsOn": [component["bom-ref"] for component in components]},
            *({"ref": component["bom-ref"]} for component in components),
        ],
    }


def _component(part: Any) -> dict[str, Any]:  # as above
    name = re.sub(r"[-_.]+", "-", part.name).lower()
    if not part.is_library:
        reference = name.replace(" ", "-")
        return {
            "type": "data",
            "bom-ref": reference,
            "name": part.name,
            "licenses": [{"expression": part.licence}],
        }
    reference = f"pkg:pypi/{name}@{part.version}"  # a name of packages by their kind, no address
    return {
        "type": "library",
        "bom-ref": reference,
        "name": part.name,
        "version": part.version,
        "licenses": [{"expression": part.licence}],
        "purl": reference,
    }


def licence_list(parts: list[Any], notice: str) -> str:  # as above
    """All licences with their words, as one text."""
    pieces = [notice]
    pieces += [f"{f'{part.name} {part.version}'.strip()}: {part.licence}" for part in parts]
    for part in parts:
        for path in part.texts:
            words = path.read_text("utf-8", "replace").strip()
            pieces.append(f"{_RULE}\n{part.name} {part.version}: {path.name}\n{_RULE}\n{words}")
    return "\n".join(pieces) + "\n"


def write(folder: Path) -> list[Path]:
    """Write everything into `folder`, which is made if missing; answer the files."""
    from desktop_crm.base import licences  # only where the program's libraries are
    from desktop_crm.base.paths import resource

    folder.mkdir(parents=True, exist_ok=True)
    parts = licences.parts()
    bill = folder / "sbom.cdx.json"
    bill.write_text(json.dumps(bill_of_materials(parts), indent=1, ensure_ascii=False) + "\n", "utf-8")
    listed = folder / "licences.txt"
    listed.write_text(licence_list(parts, licences.text("NOTICE.txt")), "utf-8")
    copied = [Path(shutil.copy(resource("licences", name), folder / name)) for name in licences.TEXTS]
    return [bill, listed, *copied]


def main() -> int:
    """Set up, then write with the Python that has the libraries."""
    if _INSIDE in sys.argv:
        for path in write(Path(sys.argv[-1])):
            print(path)
        return 0
    bootstrap.check_version(sys.version_info[:2], "installer/licences.py")
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    python = str(bootstrap.prepare("run", "offscreen"))
    command = [python, str(Path(__file__).resolve()), _INSIDE, str(Path(sys.argv[1]).resolve())]
    return subprocess.call(command, env=terminal.child_environment())


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
