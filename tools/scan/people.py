"""Who the scanners are: a practice that has sent a referral and begun another, and members who are signed in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from portal.cli.seed import DEMO_PASSWORD
from tests.build import SAFE, TYPED
from tools.scan.browser import Browser, Page
from tools.scan.site import Site

REFERRALS: tuple[dict[str, str], ...] = (
    {},
    {"patient.name": "Birch Testerly", "patient.date_of_birth": "5 6 1977", "patient.place": "99503"},
    {"patient.name": "Dahlia Placebo", "condition": "ptsd", "priority": "soon"},
)
FIRST_OF = {
    "patient": "patient.name",
    "reason": "condition",
    "tried": "tried.trials",
    "checklist": "checklist.medicines",
    "practice": "referrer.name",
}
"""A field of each step of the form."""
STATUS_PAGES = ("", "/receipt", "/withdraw")
DRAFT_PAGES = ("patient", "reason", "tried", "checklist", "practice", "check", "safety", "later")


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody with a browser. A scan as them begins at `home` and stays in its folder."""

    name: str
    browser: Browser
    home: str
    others: tuple[str, ...]
    """Paths that no link of a page at home leads to."""
    proof: str
    """A page that nobody else may see."""

    @property
    def starts(self) -> list[str]:
        """Where a walk begins, as addresses."""
        return [self.browser.site_url + path for path in (self.home, *self.others)]

    @property
    def folder(self) -> str:
        """The address that all those begin with which the scan is about."""
        return self.browser.site_url + (self.home.rpartition("/")[0] or "/")

    def is_still_in(self) -> bool:
        """Tell whether their cookies still open what only they may see: else the scan was a stranger's."""
        page = self.browser.open(self.proof)
        return page.status == 200 and page.url.endswith(self.proof)


def practice(site: Site) -> Visitor:
    """Send the referrals, begin one more, and return the practice that did."""
    browser = Browser(site.url, site.certificate)
    receipts = [_refer(browser, changed) for changed in REFERRALS]
    draft = _path(_fill(browser, {}, steps=("patient",))).rpartition("/")[0]
    status = receipts[0].removesuffix("/receipt")
    return Visitor(
        name="a practice",
        browser=browser,
        home="/",
        others=(*(f"{status}{page}" for page in STATUS_PAGES), *(f"{draft}/{page}" for page in DRAFT_PAGES)),
        proof=status,
    )


def member(site: Site, name: str, pages: tuple[str, ...]) -> Visitor:
    """Sign a member of the demonstration in, with password and code; the first of the pages is their home."""
    browser = Browser(site.url, site.certificate)
    form = browser.open("/staff/sign-in").form("password")
    second = browser.send(form, email=f"{name}@example.com", password=DEMO_PASSWORD)
    browser.send(second.form("code"), code=site.flask("members", "code", name))
    visitor = Visitor(name=name, browser=browser, home=pages[0], others=pages[1:], proof="/staff/account")
    if not visitor.is_still_in():
        raise RuntimeError(f"{name} could not sign in")
    return visitor


def _refer(browser: Browser, changed: dict[str, str]) -> str:
    check = _fill(browser, changed, steps=tuple(FIRST_OF))
    receipt = browser.send(check.form("send_to"), consent="yes")
    if "/r/" not in receipt.url:
        raise RuntimeError(f"a referral was not sent: {receipt.url}")
    return _path(receipt)


def _fill(browser: Browser, changed: dict[str, str], *, steps: tuple[str, ...]) -> Page:
    safety = browser.open("/refer").form("safety.immediate_danger")
    page = browser.send(safety, **SAFE)
    for step in steps:
        form = page.form(FIRST_OF[step])
        typed = {name: value for name, value in (TYPED | changed).items() if name in form.fields}
        page = browser.send(form, **typed)
    return page


def _path(page: Page) -> str:
    return urlsplit(page.url).path
