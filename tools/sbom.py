"""Write the list of all parts that the portal runs on, as CycloneDX, into `build/`.

The pins say what is installed anywhere, and by which hashes; the packages here say their licences and what needs what.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "build" / "sbom.cdx.json"
SPEC = SchemaVersion.V1_6
ASKED_FOR = re.compile(r"^[a-z][a-z0-9-]*", re.MULTILINE)

Bom = dict[str, Any]


def main() -> int:
    """Write the list, or tell in which respect it is none."""
    text = json.dumps(merged(pinned(), installed()), indent=2)
    if wrong := JsonStrictValidator(SPEC).validate_str(text):
        sys.exit(f"The list is not valid CycloneDX: {wrong}")
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text + "\n")
    print(f"{len(json.loads(text)['components'])} parts are listed in {WRITTEN.relative_to(ROOT)}")
    return 0


def pinned() -> Bom:
    """Return what requirements.txt pins, on every platform, with hashes."""
    return _read("requirements", str(ROOT / "requirements.txt"))


def installed() -> Bom:
    """Return what is installed beside this program, with licences and what needs what."""
    return _read("environment", sys.executable)


def _read(command: str, source: str) -> Bom:
    # What is put together of both is checked, and not each part.
    options = ["--output-reproducible", "--no-validate", "--spec-version", SPEC.to_version()]
    options += ["--pyproject", str(ROOT / "pyproject.toml")]
    program = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", command, *options, source]
    read: Bom = json.loads(subprocess.run(program, capture_output=True, check=True).stdout)
    return read


def merged(pins: Bom, here: Bom) -> Bom:
    """Return the pins, each named by its package URL, with what is known of the same package here."""
    known = {part["purl"]: part for part in here["components"]}
    purls = {part["bom-ref"]: part["purl"] for part in here["components"]}
    parts = [_named(part, known.get(part["purl"], {})) for part in pins["components"]]
    ours = {part["bom-ref"] for part in parts}
    needs = {
        purls[each["ref"]]: sorted(ours & {purls[ref] for ref in each.get("dependsOn", [])})
        for each in here["dependencies"]
        if each["ref"] in purls
    }
    root = pins["metadata"]["component"]["bom-ref"]
    needs_of = {root: _asked_for(parts)} | {ref: needs.get(ref, []) for ref in sorted(ours)}
    graph = [{"ref": ref, "dependsOn": needed} for ref, needed in needs_of.items()]
    return pins | {"components": parts, "dependencies": graph}


def _named(part: Bom, known: Bom) -> Bom:
    told = {name: known[name] for name in ("licenses", "description") if name in known}
    without = {name: value for name, value in part.items() if name != "description"}
    return without | {"bom-ref": part["purl"]} | told


def _asked_for(parts: list[Bom]) -> list[str]:
    names = set(ASKED_FOR.findall((ROOT / "requirements.in").read_text()))
    return sorted(part["bom-ref"] for part in parts if part["name"] in names)


if __name__ == "__main__":
    sys.exit(main())
