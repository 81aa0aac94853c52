"""Without a mouse: a secretary refers and a nurse decides by keyboard alone, and always see where they are."""

from playwright.sync_api import Browser, Locator, Page, expect

from portal.cli.seed import DEMO_PASSWORD
from tests.build import TYPED
from tests.journeys.acts import reference_of
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

MOST_TABS = 80
FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  // The link of a row draws its ring around the whole row.
  const drawn = [null, "::after"].map((part) => getComputedStyle(focused, part));
  const box = focused.getClientRects()[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    what: focused.outerHTML.slice(0, 200),
    ring: drawn.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    shown: focused.contains(top),
  };
}"""
"""What has the focus: whether a ring is drawn around it, and whether it stands in the window with nothing above it."""


class Keys:
    """A person's hands on the keyboard; at every stop they can see where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def to(self, target: Locator) -> None:
        """Go on by the tab key until the target has the focus."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            self.see_where()
            if has_focus(target):
                return
        raise AssertionError(f"the tab key does not reach {target}")

    def see_where(self) -> None:
        """Check that whatever has the focus shows it."""
        focus = self.page.evaluate(FOCUS)
        assert focus is None or (focus["ring"] and focus["shown"]), focus

    def type(self, label: str, text: str) -> None:
        """Go to a field and type."""
        self.to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        """Go to a box and tick it."""
        self.to(self.page.get_by_label(label))
        self.press("Space")

    def choose(self, question: str, label: str) -> None:
        """Go to a group of choices, which is one stop of the tab key, and on to a choice by the arrow keys."""
        wanted = self.page.get_by_role("group", name=question).get_by_label(label, exact=True)
        group = self.page.locator(f'[name="{wanted.get_attribute("name")}"]')
        self.to(group)
        for _ in range(group.count()):
            if has_focus(wanted):
                break
            self.press("ArrowDown")
            self.see_where()
        self.press("Space")
        expect(wanted).to_be_checked()

    def button(self, name: str) -> None:
        """Go to a button and press it."""
        self.to(self.page.get_by_role("button", name=name))
        self.press("Space")

    def link(self, name: str) -> None:
        """Go to a link and follow it."""
        self.to(self.page.get_by_role("link", name=name))
        self.press("Enter")

    def arrive(self, title: str) -> None:
        """Wait for a page."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)


def has_focus(target: Locator) -> bool:
    """Tell whether the target, or one of several, has the focus."""
    return bool(target.evaluate_all("all => all.includes(document.activeElement)"))


def correct_the_first_error(keys: Keys) -> None:
    """Send an empty step; the list of errors takes the focus and leads to the field."""
    keys.button("Continue")
    summary = keys.page.get_by_role("alert")
    expect(summary).to_be_focused()
    keys.see_where()
    keys.to(summary.get_by_role("link").first)
    keys.press("Enter")
    expect(keys.page.get_by_label("Patient's name")).to_be_focused()
    keys.see_where()
    keys.page.keyboard.type(TYPED["patient.name"])


def refer(keys: Keys) -> str:
    """Refer a patient from the first page and return the reference."""
    keys.page.goto("/")
    keys.type("Near which place?", "99701")
    keys.press("Enter")
    keys.arrive("Clinics near Fairbanks")
    keys.link("Refer to Fairbanks")
    keys.arrive("First, safety")
    for question in ("Is anyone in immediate danger", "1. Wished", "2. Thoughts", "6. Ever did"):
        keys.choose(question, "No")
    keys.button("Continue")
    keys.arrive("Who is the patient?")
    correct_the_first_error(keys)
    keys.type("Date of birth", TYPED["patient.date_of_birth"])
    keys.type("Mobile or home phone", TYPED["patient.phone"])
    keys.type("Where the patient will be", TYPED["patient.place"])
    # In a field of one line the enter key goes on.
    keys.press("Enter")
    keys.arrive("What do you refer for?")
    keys.choose("Condition", "Post-traumatic stress disorder (PTSD)")
    keys.type("Why you refer now", TYPED["reason"])
    keys.choose("How soon", "Soon")
    keys.button("Continue")
    keys.arrive("Treatments tried")
    keys.button("Continue")
    keys.arrive("Safety checklist")
    keys.button("Continue")
    keys.arrive("You and your practice")
    keys.type("Referrer's name", TYPED["referrer.name"])
    keys.type("Practice", TYPED["referrer.practice"])
    keys.type("Email for decisions", TYPED["referrer.email"])
    keys.press("Enter")
    keys.arrive("Check your answers")
    keys.tick("The patient agrees")
    keys.button("Send referral to Fairbanks")
    keys.arrive("Referral sent")
    return reference_of(keys.page)


def decide(keys: Keys, reference: str, code: str) -> None:
    """Sign in as the nurse of Fairbanks, claim the referral and accept it."""
    keys.page.goto("/staff")
    keys.type("Email", "dahlia@example.com")
    keys.type("Password", DEMO_PASSWORD)
    keys.press("Enter")
    keys.arrive("Second step")
    keys.type("Code", code)
    keys.press("Enter")
    keys.arrive("Queue")
    keys.link(reference)
    keys.arrive(TYPED["patient.name"])
    keys.button("Claim")
    expect(keys.page.locator("p[role=status]")).to_contain_text(f"You hold {reference} now.")
    keys.link("Accept for consultation")
    expect(keys.page.get_by_role("heading", name="Accept for consultation")).to_be_visible()
    keys.type("Comment for the practice", "We call on Tuesday.")
    keys.button("Accept for consultation")
    expect(keys.page.locator("p[role=status]")).to_contain_text(f"{reference} is accepted.")


def test_a_referral_goes_the_whole_way_by_keyboard(portal: Portal, browser: Browser, page: Page) -> None:
    reference = refer(Keys(page))
    with browser.new_context(base_url=portal.url) as clinic:
        decide(Keys(clinic.new_page()), reference, portal.code("dahlia"))


def test_the_first_stop_leads_past_the_head_of_the_page(page: Page) -> None:
    keys = Keys(page)
    page.goto("/")
    keys.press("Tab")
    keys.see_where()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    expect(page.get_by_label("Near which place?")).to_be_focused()
