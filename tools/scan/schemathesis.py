"""schemathesis on the description of the API: every answer must be one that the description names."""

import os
import re
import subprocess
import time

from tools.scan.report import Report
from tools.scan.site import Site
from tools.start import ROOT

PROGRAM = ROOT / ".venv/scan/api/bin/st"
CONFIG = ROOT / "tools/scan/schemathesis.toml"
EXAMPLES = 60
CASES = re.compile(r"(\d[\d,]*) generated")
OPERATIONS = re.compile(r"Tested: +(\d+)")
FAILED = re.compile(r"^- (.+)\n\n((?:    .+\n)+)", re.MULTILINE)
RUN_SECONDS = 1200


def scan(site: Site, visitor: str, *, api_key: str) -> Report:
    """Run all checks of schemathesis with a bearer key, good or not."""
    started = time.monotonic()
    site.asked()
    command = [
        *(str(PROGRAM), "--config-file", str(CONFIG), "run", f"{site.url}/api/v1/openapi.json"),
        *("--checks", "all", "--max-examples", str(EXAMPLES), "--no-color"),
    ]
    environment = os.environ | {"SCAN_API_KEY": api_key, "SCAN_CERTIFICATE": str(site.certificate)}
    done = subprocess.run(
        command,
        cwd=site.folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=RUN_SECONDS,
        check=False,
    )
    (site.folder / "schemathesis.log").write_text(done.stdout + done.stderr)
    cases, operations = CASES.search(done.stdout), OPERATIONS.search(done.stdout)
    findings = [f"{name}: {' '.join(more.split())}" for name, more in FAILED.findall(done.stdout)]
    return Report(
        scanner="schemathesis",
        visitor=visitor,
        looked_at=f"{operations[1] if operations else 0} operations, {cases[1] if cases else 0} cases",
        asked=site.asked(),
        findings=tuple(findings),
        troubles=() if done.returncode == 0 or findings else (f"it ended with {done.returncode}",),
        seconds=time.monotonic() - started,
    )
