"""`make scan`: wapiti, sqlmap and schemathesis on a portal of their own; exit code 1 when one of them finds something."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.scan import people, schemathesis, sqlmap, targets, wapiti
from tools.scan.people import Visitor
from tools.scan.report import Report
from tools.scan.site import Site, portal

SCANNERS = ("schemathesis", "sqlmap", "wapiti")
MEMBERS = {
    "fern": ("/staff/queue", "/staff/account"),
    "juniper": ("/staff/audit", "/staff/account"),
    "ember": ("/staff/queue", "/staff/emergencies", "/staff/account"),
}
"""A triage nurse, an auditor and the network's administrator, and where each begins."""
NO_KEY = "not a key of this portal"


def main() -> int:
    chosen = _chosen()
    # A run that is told to end stops its portal and removes its files, as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="portal-scan-") as name:
        folder = Path(chosen.keep or name)
        folder.mkdir(parents=True, exist_ok=True)
        found = 0
        with portal(folder) as site:
            print(f"The portal of this scan is at {site.url}; its logs are in {folder}.\n", flush=True)
            for report in _reports(site, chosen.scanners or SCANNERS):
                print("\n".join(report.lines()), flush=True)
                found += len(report.problems)
    print(f"\n{found} findings.")
    return 1 if found else 0


def _reports(site: Site, scanners: tuple[str, ...]) -> Iterator[Report]:
    key = site.flask("api-keys", "create", "scan")
    if "schemathesis" in scanners:
        yield schemathesis.scan(site, "a system", api_key=key)
        yield schemathesis.scan(site, "a stranger", api_key=NO_KEY)
    if "sqlmap" in scanners:
        yield sqlmap.scan(site, "a-system", targets.of_api(site.url, key))
        for visitor in _visitors(site):
            yield sqlmap.scan(site, visitor.name, targets.found_by(visitor), visitor.browser.cookie)
    if "wapiti" in scanners:
        for visitor in _visitors(site):
            yield wapiti.scan(site, visitor)


def _visitors(site: Site) -> Iterator[Visitor]:
    """Yield each visitor just before they are needed: sessions of members end by themselves."""
    yield people.practice(site)
    for name, (home, *others) in MEMBERS.items():
        yield people.member(site, name, home=home, others=tuple(others))


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.scan", description=__doc__)
    parser.add_argument("scanners", nargs="*", help=f"which of {', '.join(SCANNERS)}; all without it")
    parser.add_argument("--keep", help="a folder, not there yet, for the logs and the portal's database")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
