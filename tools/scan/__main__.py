"""`make scan`: wapiti, sqlmap and schemathesis on portals of their own; exit code 1 when one of them finds something."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tools.scan import people, schemathesis, sqlmap, targets, wapiti
from tools.scan.report import Report
from tools.scan.site import Site, portal

SYSTEM, STRANGER, PRACTICE = "a system", "a stranger", "a practice"
STOPPED = 130
NO_KEY = "not a key of this portal"
HOMES = {
    "fern": ("/staff/queue", "/staff/account"),
    "juniper": ("/staff/audit", "/staff/account"),
    "ember": ("/staff/queue", "/staff/emergencies", "/staff/account"),
}
"""A triage nurse, an auditor and the network's administrator: where each begins, and what has no link there."""
SCANNERS = {
    "schemathesis": (SYSTEM, STRANGER),
    "sqlmap": (SYSTEM, PRACTICE, *HOMES),
    "wapiti": (PRACTICE, *HOMES),
}
"""Whom each scanner is."""


def main() -> int:
    chosen = _chosen()
    # A run that is told to end stops its portal and removes its files, as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = 0
    with tempfile.TemporaryDirectory(prefix="portal-scan-") as name:
        try:
            for report in _reports(Path(chosen.keep or name), chosen):
                print("\n".join(report.lines()), flush=True)
                found += len(report.problems)
        except KeyboardInterrupt:
            print(f"\nThe scan was stopped before its end; {found} findings until then.", file=sys.stderr)
            return STOPPED
    print(f"\n{found} findings.")
    return 1 if found else 0


def _reports(folder: Path, chosen: argparse.Namespace) -> Iterator[Report]:
    """Run each scanner as each visitor, on a new portal: after one scan nobody signs in from this address for a while."""
    for scanner in chosen.scanners or SCANNERS:
        for name in SCANNERS[scanner]:
            if name in (chosen.visitor or SCANNERS[scanner]):
                place = folder / f"{scanner}-{name}".replace(" ", "-")
                place.mkdir(parents=True)
                with portal(place) as site:
                    yield _scan(scanner, name, site)


def _scan(scanner: str, name: str, site: Site) -> Report:
    if name in {SYSTEM, STRANGER}:
        key = site.flask("api-keys", "create", "scan") if name == SYSTEM else NO_KEY
        if scanner == "schemathesis":
            return schemathesis.scan(site, name, api_key=key)
        return sqlmap.scan(site, name, targets.of_api(site.url, key))
    practice = people.practice(site)
    visitor = practice if name == PRACTICE else people.member(site, name, HOMES[name])
    if scanner == "wapiti":
        report = wapiti.scan(site, visitor)
    else:
        report = sqlmap.scan(site, name, targets.found_by(visitor), visitor.browser.cookie)
    ended = () if visitor.is_still_in() else ("the session ended on the way",)
    return replace(report, troubles=(*report.troubles, *ended))


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.scan", description=__doc__)
    parser.add_argument(
        "scanners", nargs="*", metavar="scanner", help=f"of {', '.join(SCANNERS)}; all without"
    )
    parser.add_argument("--visitor", action="append", help="like fern, or “a practice”; all without")
    parser.add_argument("--keep", help="a new folder for the logs and the portals' databases")
    chosen = parser.parse_args()
    if unknown := set(chosen.scanners) - set(SCANNERS):
        parser.error(f"there is no scanner {', '.join(sorted(unknown))}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
