"""What another site tries in the browser of somebody who uses the portal, and what a page does with a foreign script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Route, expect

from tests.journeys.acts import begin
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

# Another site, and one that browsers trust as far as the portal's own machine.
ELSEWHERE = "http://localhost:9"
SMUGGLED = (
    "<script>window.smuggled = 1</script>"
    '<script nonce="guessed">window.smuggled = 2</script>'
    '<img src="/nowhere.png" onerror="window.smuggled = 3">'
    f'<script src="{ELSEWHERE}/script.js"></script>'
)


@pytest.fixture
def elsewhere(person: BrowserContext, portal: Portal) -> Iterator[str]:
    """Another site, which posts to the portal, frames it and links to it."""
    body = (
        f'<h1>Elsewhere</h1><form method="post" action="{portal.url}/refer"><button>Post</button></form>'
        f'<iframe src="{portal.url}/staff/sign-in"></iframe><a href="{portal.url}/clinics">Link</a>'
    )

    def serve(route: Route) -> None:
        is_script = route.request.url.endswith(".js")
        kind = "text/javascript" if is_script else "text/html"
        route.fulfill(body="window.smuggled = 4" if is_script else body, content_type=kind)

    person.route(f"{ELSEWHERE}/**", serve)
    yield f"{ELSEWHERE}/"
    person.unroute_all()


def test_a_form_of_another_site_is_refused(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)
    with page.expect_response(re.compile("/refer$")) as answered:
        page.get_by_role("button", name="Post").click()
    assert answered.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("That came from another site")


def test_no_page_appears_inside_another_site(page: Page, portal: Portal, elsewhere: str) -> None:
    with page.expect_request(re.compile("/staff/sign-in$")):
        page.goto(elsewhere, wait_until="networkidle")
    framed = page.frames[1]
    assert framed.url != f"{portal.url}/staff/sign-in"
    assert framed.get_by_role("heading").count() == 0


def test_a_link_of_another_site_opens_its_page(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)
    page.get_by_role("link", name="Link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/clinics")


def test_our_own_form_is_taken(page: Page) -> None:
    begin(page)
    expect(page).to_have_url(re.compile("/patient$"))


def test_a_script_that_was_smuggled_into_a_page_does_not_run(page: Page, elsewhere: str) -> None:
    blocked: list[str] = []

    def notice(message: ConsoleMessage) -> None:
        blocked.extend([message.text] if "Content Security Policy" in message.text else [])

    def smuggle(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{SMUGGLED}</main>"))

    page.on("console", notice)
    page.context.route("**/clinics", smuggle)
    page.goto("/clinics", wait_until="networkidle")
    assert page.evaluate("window.smuggled") is None
    assert len(blocked) >= 4


def test_no_script_writes_html_into_a_page(page: Page) -> None:
    page.goto("/clinics")
    for writing in ("document.body.innerHTML = '<b>x</b>'", "document.write('x')"):
        with pytest.raises(Error, match="Trusted"):
            page.evaluate(f"() => {{ {writing} }}")


def test_our_own_script_runs_and_the_browser_knows_every_rule_it_is_given(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/")
    expect(page.get_by_role("button", name=re.compile("location"))).to_be_visible()
    assert said == []
