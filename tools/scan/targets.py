"""What there is to press: every form and every address with a parameter that a visitor can find, each kind once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.build import SAFE, TYPED
from tools.scan.browser import Form, Page
from tools.scan.people import Visitor

PAGES_MOST = 150
LEAVING = ("/staff/sign-out", "/staff/sessions/end")
"""Addresses that would end the session that the scan needs."""
ENDING = ("discard", "withdraw")
"""What ends the draft or the referral that the other forms stand on comes last."""
MARK = "*"
"""Where sqlmap shall write, when it is no field."""

_NAME = re.compile(r"[0-9A-Z]{4}-?[0-9A-Z]{4}|[0-9a-f]{16}|\d+|ketwell-[a-z-]+")
"""A part of a path that names one thing: a reference, a draft, a number, a clinic."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One request for sqlmap to vary."""

    method: str
    url: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """How a report names it."""
        return f"{self.method} {urlsplit(self.url).path}"


def found_by(visitor: Visitor) -> list[Target]:
    """Walk all pages of a visitor, and return each kind of form and address with parameters once."""
    targets: dict[tuple[object, ...], Target] = {}
    for page in _pages(visitor):
        for target in (*_of_address(page.url), *(_of_form(form) for form in page.forms)):
            fields = target.body or urlsplit(target.url).query
            names = frozenset(name for name, _ in parse_qsl(fields, keep_blank_values=True))
            if target.url.startswith(visitor.folder) and urlsplit(target.url).path not in LEAVING:
                targets.setdefault((target.method, kind(target.url), names), target)
    return sorted(targets.values(), key=lambda target: target.url.endswith(ENDING))


def of_api(site_url: str, api_key: str) -> list[Target]:
    """Return the API's requests: its query, its path, its JSON, and its headers."""
    clinics = f"{site_url}/api/v1/clinics"
    referrals = f"{site_url}/api/v1/referrals"
    keys = {"Authorization": f"Bearer {api_key}", "Idempotency-Key": "scan"}
    as_json = {"Content-Type": "application/json"}
    body = json.dumps(_nested())
    return [
        Target(method="GET", url=f"{clinics}?near=99701&offering=mood&accepting=yes&limit=5"),
        Target(method="GET", url=f"{clinics}?lat=61.2&lon=-149.9"),
        Target(method="GET", url=f"{clinics}/ketwell-alaska-fairbanks{MARK}"),
        Target(method="POST", url=referrals, body=body, headers=keys | as_json),
        *(
            Target(
                method="POST",
                url=referrals,
                body=body,
                headers=keys | as_json | {marked: f"{keys[marked]}{MARK}"},
            )
            for marked in keys
        ),
    ]


def _nested() -> dict[str, Any]:
    body: dict[str, Any] = {"safety": {name.partition(".")[2]: said for name, said in SAFE.items()}}
    for name, value in (TYPED | {"consent": True}).items():
        group, _, leaf = name.rpartition(".")
        (body.setdefault(group, {}) if group else body)[leaf] = value
    return body


def _pages(visitor: Visitor) -> Iterator[Page]:
    browser, seen = visitor.browser, set[tuple[str, frozenset[str]]]()
    waiting = visitor.starts
    for address in waiting:
        split = urlsplit(address)
        page_kind = (kind(address), frozenset(name for name, _ in parse_qsl(split.query)))
        is_page = address.startswith(visitor.folder) and not split.path.startswith("/assets/")
        if not is_page or page_kind in seen or len(seen) >= PAGES_MOST:
            continue
        seen.add(page_kind)
        page = browser.open(address)
        yield page
        waiting += page.links


def kind(url: str) -> str:
    """Return an address's path, the same for all that differ only in the thing that they name."""
    return _NAME.sub(MARK, urlsplit(url).path)


def _of_form(form: Form) -> Target:
    sent = urlencode(form.fields)
    if form.method == "GET":
        return Target(method="GET", url=f"{form.url.partition('?')[0]}?{sent}")
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    return Target(method="POST", url=form.url, body=sent, headers=as_form)


def _of_address(url: str) -> Iterator[Target]:
    split = urlsplit(url)
    if split.query:
        yield Target(method="GET", url=url)
    if named := list(_NAME.finditer(split.path)):
        end = named[-1].end()
        marked = f"{split.path[:end]}{MARK}{split.path[end:]}"
        yield Target(method="GET", url=f"{split.scheme}://{split.netloc}{marked}")
