"""The scan is one command, does not call a scan clean that was none, and sends what the portal takes."""

import json
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions import api_keys, demonstration
from portal.cli.seed import DEMO_MEMBERS
from portal.domain.access import Role
from portal.domain.orders import Actor, ActorKind
from tests.build import NOW
from tools.scan import sqlmap, targets, wapiti
from tools.scan.__main__ import HOMES
from tools.scan.browser import Page
from tools.scan.report import Report
from tools.scan.site import ASKED, Asked
from tools.scan.targets import MARK, Target
from tools.start import ROOT

FORM = """<!doctype html><form method="post" action="/staff/find"><input type="hidden" name="csrf_token" value="abc">
<input name="name"><select name="tier"><option value=""></option><option value="urgent"></option></select>
<textarea name="words"> some </textarea></form>"""


def report(asked: Asked, *findings: str) -> Report:
    return Report(
        scanner="some scanner", visitor="fern", looked_at="2 forms", asked=asked, findings=findings, seconds=1
    )


def test_it_is_one_command_with_environments_of_its_own() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", "scan"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.rstrip().splitlines()[-1].split() == [".venv/bin/python", "-m", "tools.scan"]
    for name in ("web", "api"):
        (installs,) = [line for line in told.splitlines() if f"requirements-{name}.txt" in line]
        assert installs.startswith(f".venv/scan/{name}/bin/python ")
        assert "--require-hashes" in installs


def test_the_members_that_it_signs_in_are_those_of_the_demonstration() -> None:
    people = demonstration.read_csv(DEMO_MEMBERS)
    roles = {person.email.partition("@")[0]: person.role for person in people}
    assert [roles[name] for name in HOMES] == [Role.TRIAGE_NURSE, Role.AUDITOR, Role.NETWORK_ADMIN]


def test_a_scanner_that_is_not_there_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.scan", "nikto"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "no scanner nikto" in done.stderr) == (2, True)


def test_the_portal_itself_needs_no_scanner() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for scanner in ("wapiti3", "sqlmap", "schemathesis"):
            assert f"\n{scanner}==" not in (ROOT / name).read_text()


def test_a_scan_that_reached_pages_and_found_nothing_is_clean() -> None:
    clean = report(Counter({(200, "GET", "/staff/queue"): 3, (404, "GET", "/staff/queue'"): 1}))
    assert clean.problems == []
    assert "4 requests to 2 paths: 3 × 200, 1 × 404" in clean.lines()[1]


@pytest.mark.parametrize("asked", [Counter(), Counter({(404, "GET", "/x"): 9, (401, "POST", "/y"): 9})])
def test_a_scan_that_reached_no_page_has_failed(asked: Asked) -> None:
    assert report(asked).problems == ["it reached no page"]


def test_a_scan_that_was_mostly_turned_away_at_the_door_has_failed() -> None:
    asked = Counter({(200, "GET", "/"): 80, (431, "GET", "/refer"): 20})
    assert report(asked).problems == ["20 requests were refused for their size alone"]


def test_what_breaks_the_portal_is_a_finding_whatever_the_scanner_says() -> None:
    broken = report(Counter({(200, "GET", "/"): 1, (500, "POST", "/refer"): 2}), "a cookie without a flag")
    assert broken.problems == ["a cookie without a flag", "answered 500: POST /refer"]


def test_requests_are_counted_from_the_servers_own_lines() -> None:
    lines = "200 GET /clinics\n404 PUT /r/a b\nc\n303 POST /refer\n"
    assert [found.groups() for found in ASKED.finditer(lines)] == [
        ("200", "GET", "/clinics"),
        ("404", "PUT", "/r/a b"),
        ("303", "POST", "/refer"),
    ]


def test_a_form_is_read_with_all_that_it_sends() -> None:
    tree = html5lib.parse(FORM, namespaceHTMLElements=False)
    (form,) = Page(url="https://localhost/staff/find?x=1", status=200, tree=tree).forms
    assert (form.method, form.url) == ("POST", "https://localhost/staff/find")
    assert form.fields == {"csrf_token": "abc", "name": "", "tier": "urgent", "words": "some"}


def test_what_sqlmap_varies_in_the_api_is_what_the_api_takes(app: Flask, client: FlaskClient) -> None:
    key = api_keys.create("scan", actor=Actor(ActorKind.SYSTEM, "shell"), now=NOW)
    asked = targets.of_api("", key)
    assert {target.method for target in asked} == {"GET", "POST"}
    for target in asked:
        headers = {name: value.removesuffix(MARK) for name, value in target.headers.items()}
        answer = client.open(
            target.url.removesuffix(MARK), method=target.method, data=target.body, headers=headers
        )
        assert answer.status_code in {200, 201}, target


def test_a_run_of_sqlmap_that_does_not_say_it_tried_everything_is_not_clean() -> None:
    assert sqlmap.CLEAN not in "[CRITICAL] unable to connect to the target URL"
    assert sqlmap.FOUND.findall("---\nParameter: name (POST)\n    Type: boolean-based blind\n") == [
        "Parameter: name (POST)"
    ]


def test_a_form_that_was_refused_before_anything_was_varied_is_named() -> None:
    tried = [Target(method="POST", url="https://localhost/refer"), Target(method="GET", url=f"/r/A{MARK}")]
    asked = Counter({(200, "GET", "/r/A"): 1, (404, "GET", "/r/A'"): 1, (409, "POST", "/refer"): 5})
    assert sqlmap.refused(tried, asked) == ["refused as it stood: POST /refer (409)"]


def test_what_wapiti_spares_is_there(app: Flask) -> None:
    pages = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for path in wapiti.SPARED:
        named = path.replace(MARK, "RP9T-TWY3")
        assert pages.test(named, "POST") or pages.test(named, "GET"), path


def test_a_bearer_key_stands_in_the_api_request_alone() -> None:
    of_clinics = [target for target in targets.of_api("https://localhost", "k") if target.method == "GET"]
    assert all(not target.headers for target in of_clinics)
    assert json.loads(targets.of_api("", "k")[3].body)["consent"] is True
    assert urlsplit(of_clinics[0].url).query.startswith("near=")


def test_a_form_that_wapiti_never_came_to_is_named() -> None:
    ours = {("GET", "/staff/queue"), ("POST", "/staff/referrals/*/ask"), ("POST", "/refer/*/discard")}
    asked = Counter({(200, "GET", "/staff/queue"): 1, (200, "GET", "/staff/referrals/RP9T-TWY3/ask"): 1})
    assert wapiti.missed(ours, asked) == ["it never came to POST /staff/referrals/*/ask"]
    asked[409, "POST", "/staff/referrals/RP9T-TWY3/ask"] += 1
    assert wapiti.missed(ours, asked) == []
