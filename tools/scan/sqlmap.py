"""sqlmap on every form and address with parameters: one request file and one run each."""

import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from tools.scan.report import Report
from tools.scan.site import Asked, Site
from tools.scan.targets import MARK, Target
from tools.start import ROOT

PROGRAM = ROOT / ".venv/scan/web/bin/sqlmap"
TARGET_SECONDS = 900
CLEAN = "all tested parameters do not appear to be injectable"
FOUND = re.compile(r"^Parameter: .+", re.MULTILINE)
COOKIES = "^__Host-"
REFUSED = 400


def scan(site: Site, visitor: str, targets: list[Target], cookie: str = "") -> Report:
    """Run sqlmap on every target, as many at once as there are cores; cookies are varied with the first one only."""
    started = time.monotonic()
    folder = site.folder / "sqlmap"
    folder.mkdir()
    site.asked()
    with ThreadPoolExecutor(os.cpu_count()) as crew:
        said = crew.map(lambda pair: _run(folder, pair[0], pair[1], cookie), enumerate(targets))
        told = list(zip(targets, said, strict=True))
    asked = site.asked()
    return Report(
        scanner="sqlmap",
        visitor=visitor,
        looked_at=f"{len(targets)} forms and addresses",
        asked=asked,
        findings=tuple(f"{target.words}: {found}" for target, text in told for found in FOUND.findall(text)),
        troubles=tuple(
            f"{target.words} was not tried to the end: {_last_line(text)}"
            for target, text in told
            if CLEAN not in text and not FOUND.search(text)
        ),
        notes=tuple(refused(targets, asked)),
        seconds=time.monotonic() - started,
    )


def refused(targets: list[Target], asked: Asked) -> list[str]:
    """Name each target whose first request, with nothing varied yet, was refused: its fields may not have been used."""
    first: dict[tuple[str, str], int] = {}
    for status, method, path in asked:
        first.setdefault((method, path), status)
    statuses = {
        target.words: first.get((target.method, urlsplit(target.url).path.replace(MARK, "")), 0)
        for target in targets
    }
    return [
        f"refused as it stood: {words} ({status})" for words, status in statuses.items() if status >= REFUSED
    ]


def _run(folder: Path, number: int, target: Target, cookie: str) -> str:
    request = folder / f"{number}.txt"
    request.write_text(_as_sent(target, cookie))
    command = [
        *(str(PROGRAM), "-r", str(request), "--force-ssl", "--batch", "--disable-coloring"),
        *("--output-dir", str(folder / str(number)), "--level", "2", "--risk", "1", "--dbms", "SQLite"),
        # What is refused is looked at like any other answer, and an answer's new cookies would end the session.
        *("--ignore-code", "*", "--drop-set-cookie", "--skip-waf"),
        *(("--param-exclude", COOKIES) if number else ()),
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TARGET_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {TARGET_SECONDS} seconds"
    (folder / f"{number}.log").write_text(done.stdout + done.stderr)
    return done.stdout


def _as_sent(target: Target, cookie: str) -> str:
    split = urlsplit(target.url)
    headers = {"Host": split.netloc, **target.headers, **({"Cookie": cookie} if cookie else {})}
    address = split.path + (f"?{split.query}" if split.query else "")
    head = [f"{target.method} {address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*head, "", target.body])


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("[*]")]
    return lines[-1] if lines else "it said nothing"
