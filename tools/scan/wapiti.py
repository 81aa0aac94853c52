"""wapiti on all pages of a visitor: it walks them by itself, and then tries every form and parameter it saw."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from tools.scan.cookies import JAR
from tools.scan.people import Visitor
from tools.scan.report import Report
from tools.scan.site import Asked, Site
from tools.scan.targets import MARK, found_by, kind
from tools.start import ROOT

PROGRAM = ROOT / ".venv/scan/web/bin/wapiti"
MODULES = (
    "cookieflags", "csp", "csrf", "http_headers", "methods", "redirect", "crlf",
    "xss", "permanentxss", "sql", "timesql", "exec", "file",
)  # fmt: skip
"""ssrf and xxe are not among them: they tell their findings to a server on the internet, and nothing here calls out."""
SPARED = (
    "/staff/sign-out",  # It would end the session that the scan needs,
    "/staff/sessions/end",  # and so would this.
    "/refer/*/discard",  # Without the draft its pages are gone; sqlmap tries this one, last of all.
    "/r/*/withdraw",  # As the draft, so the referral.
    "/s/*",  # The link of the first mail: opening it once is all that it does.
)
"""What wapiti leaves alone."""
WALK_SECONDS = 300
MODULE_SECONDS = 1800
HALTED = re.compile(r"^.*(?:Max attack time|Max scan time).*$", re.MULTILINE)
UNUSUAL = re.compile(r"\b(CONNECT|DELETE|PATCH|PUT|TRACE)\b")
SEEN = re.compile(r"found (\d+) URLs and forms")


def scan(site: Site, visitor: Visitor) -> Report:
    """Run wapiti with a visitor's cookies."""
    started = time.monotonic()
    folder = site.folder / "wapiti"
    folder.mkdir()
    expected = {(target.method, kind(target.url.replace(MARK, ""))) for target in found_by(visitor)}
    visitor.browser.jar.save(str(folder / "cookies"), ignore_discard=True)
    site.asked()
    said = _run(_command(site, visitor, folder), folder)
    written = json.loads((folder / "report.json").read_text())
    asked = site.asked()
    seen = SEEN.search(said)
    return Report(
        scanner="wapiti",
        visitor=visitor.name,
        looked_at=f"{seen[1] if seen else 0} addresses and forms, {len(MODULES)} modules",
        asked=asked,
        findings=tuple(_findings(written)),
        troubles=(*HALTED.findall(said), *missed(expected, asked)),
        seconds=time.monotonic() - started,
    )


def missed(expected: set[tuple[str, str]], asked: Asked) -> list[str]:
    """Name each kind of form and address that our own walk found and the scanner never asked for."""
    reached = {(method, kind(path)) for _, method, path in asked}
    spared = [re.compile(re.escape(path).replace(r"\*", ".+")) for path in SPARED]
    return [
        f"it never came to {method} {path}"
        for method, path in sorted(expected - reached)
        if not any(each.fullmatch(path) for each in spared)
    ]


def _command(site: Site, visitor: Visitor, folder: Path) -> list[str]:
    return [
        *(str(PROGRAM), "-u", visitor.folder, "-m", ",".join(MODULES), "--verify-ssl", "0"),
        *(part for start in visitor.starts for part in ("-s", start)),
        *(part for path in SPARED for part in ("-x", site.url + path)),
        *("--form-script", str(ROOT / "tools/scan/cookies.py"), "--no-bugreport"),
        # Else it asks for a name on the internet before it begins.
        *("--dns-endpoint", "localhost"),
        *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
        *("--max-scan-time", str(WALK_SECONDS), "--max-attack-time", str(MODULE_SECONDS)),
        *("-f", "json", "-o", str(folder / "report.json"), "-v", "1"),
    ]


def _run(command: list[str], folder: Path) -> str:
    environment = os.environ | {JAR: str(folder / "cookies")}
    with (folder / "log").open("w") as log:
        subprocess.run(
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=WALK_SECONDS + MODULE_SECONDS * len(MODULES),
            check=True,
        )
    return (folder / "log").read_text(errors="replace")


def _findings(written: dict[str, Any]) -> list[str]:
    # That an address answers OPTIONS is told as a remark; that it takes more than pages need is a finding.
    remarks = {
        kind: [each for each in remarks if UNUSUAL.search(each["info"])]
        for kind, remarks in written["additionals"].items()
    }
    kinds = {**written["vulnerabilities"], **written["anomalies"], **remarks}
    return [
        f"{kind}: {found['method']} {found['path']} {found['parameter'] or ''}: {found['info']}"
        for kind, each in kinds.items()
        for found in each
    ]
