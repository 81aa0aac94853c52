"""Who the scanners are: a practice that has sent a referral and begun another, and members who are signed in."""

from dataclasses import dataclass

from portal.cli.seed import DEMO_PASSWORD
from tests.build import TYPED
from tools.scan.browser import Browser, Page
from tools.scan.site import Site

REFERRALS: tuple[dict[str, str], ...] = (
    {},
    {"patient.name": "Birch Testerly", "patient.date_of_birth": "5 6 1977", "patient.place": "99503"},
    {"patient.name": "Dahlia Placebo", "condition": "ptsd", "priority": "soon"},
)
FIRST_OF = {"patient": "patient.name", "reason": "condition", "practice": "referrer.name"}
"""A field of each step of the form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody with a browser, where they begin, and what a page of theirs answers while they are who they are."""

    name: str
    browser: Browser
    starts: tuple[str, ...]
    proof: str
    """A page that nobody else may see."""

    def is_still_in(self) -> bool:
        """Tell whether their cookies still open what only they may see: else the scan was a stranger's."""
        page = self.browser.open(self.proof)
        return page.status == 200 and page.url.endswith(self.proof)


def practice(site: Site) -> Visitor:
    """Send the referrals, begin one more, and return the practice that did."""
    browser = Browser(site.url, site.certificate)
    receipts = [_refer(browser, changed) for changed in REFERRALS]
    started = _fill(browser, {}, steps=("patient",)).url
    draft = started.rpartition("/")[0]
    status = receipts[0].removesuffix("/receipt")
    starts = (status, f"{status}/receipt", f"{status}/withdraw")
    drafts = tuple(
        f"{draft}/{step}" for step in ("patient", "reason", "practice", "check", "safety", "later")
    )
    proof = status.removeprefix(site.url)
    return Visitor(name="a practice", browser=browser, starts=starts + drafts, proof=proof)


def member(site: Site, name: str, *, starts: tuple[str, ...]) -> Visitor:
    """Sign a member of the demonstration in, with password and code."""
    browser = Browser(site.url, site.certificate)
    form = browser.open("/staff/sign-in").form("password")
    second = browser.send(form, email=f"{name}@example.com", password=DEMO_PASSWORD)
    browser.send(second.form("code"), code=site.flask("members", "code", name))
    visitor = Visitor(
        name=name, browser=browser, starts=tuple(site.url + start for start in starts), proof="/staff/account"
    )
    if not visitor.is_still_in():
        raise RuntimeError(f"{name} could not sign in")
    return visitor


def _refer(browser: Browser, changed: dict[str, str]) -> str:
    check = _fill(browser, changed, steps=tuple(FIRST_OF))
    receipt = browser.send(check.form("send_to"), consent="yes")
    if "/r/" not in receipt.url:
        raise RuntimeError(f"a referral was not sent: {receipt.url}")
    return receipt.url


def _fill(browser: Browser, changed: dict[str, str], *, steps: tuple[str, ...]) -> Page:
    safety = browser.open("/refer").form("safety.immediate_danger")
    page = browser.send(safety, **{"safety.immediate_danger": "no"})
    for step in steps:
        form = page.form(FIRST_OF[step])
        typed = {name: value for name, value in (TYPED | changed).items() if name in form.fields}
        page = browser.send(form, **typed)
    return page
