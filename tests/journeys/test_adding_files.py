"""A practice adds files in a browser: with the script each is sent by itself, without it all at once; both end alike."""

import re

from playwright.sync_api import Browser, Dialog, FilePayload, Page, Route, expect

from tests import papers
from tests.journeys.acts import begin, follow, press
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

LETTER = FilePayload(name="Letter.pdf", mimeType="application/pdf", buffer=papers.pdf(said=b"Two trials"))
WORD = FilePayload(name="Letter.docx", mimeType="application/msword", buffer=b"PK\x03\x04" + bytes(99))
FAX = FilePayload(name="fax.tif", mimeType="image/tiff", buffer=papers.fax())
LARGE = FilePayload(name="large.pdf", mimeType="application/pdf", buffer=bytes(15 * 1024 * 1024 + 1))


def add(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Choose files").set_input_files(list(files))
    press(page, "Add files")


def names(page: Page) -> list[str]:
    return page.locator(".file-title").all_text_contents()


def open_files(page: Page) -> None:
    begin(page)
    page.wait_for_url("**/patient")
    page.goto(page.url.removesuffix("patient") + "files")


def test_files_are_sent_one_by_one_and_what_is_refused_stands_beside_what_is_kept(page: Page) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    open_files(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method) if asked.method == "POST" else None)
    add(page, LETTER, WORD, LARGE, FAX)
    expect(page.get_by_role("status")).to_have_text("2 added, 2 not.")
    assert names(page) == ["Letter.pdf", "fax.pdf"]
    refused = page.get_by_role("alert").get_by_role("listitem")
    expect(refused.first).to_contain_text("Letter.docx was not added. This is a Word file")
    expect(refused.last).to_contain_text("large.pdf was not added. It is larger than 15 MB.")
    # What is too large for the portal is not sent at all.
    assert sent == ["POST"] * 3
    add(page, FAX)
    expect(page.get_by_role("status")).to_have_text("1 added.")
    expect(refused).to_have_count(0)
    assert troubles == []


def test_a_list_that_the_script_brought_works_as_the_first_did(page: Page) -> None:
    open_files(page)
    add(page, LETTER)
    expect(page.get_by_role("status")).to_have_text("1 added.")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Letter.pdf").click()
    assert coming.value.suggested_filename == "Letter.pdf"
    press(page, "Remove Letter.pdf")
    expect(page.get_by_role("main")).to_contain_text("No files yet.")


def test_who_leaves_while_files_are_on_their_way_is_asked_first(page: Page) -> None:
    open_files(page)
    on_the_way: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        on_the_way.append(route)

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.route("**/files", hold, times=1)
    with page.expect_request("**/files"):
        add(page, LETTER, FAX)
    expect(page.get_by_text("Stay on this page until all are sent.")).to_be_visible()
    follow(page, "Back to the form")
    expect(page).to_have_url(re.compile("/files$"))
    assert asked == ["beforeunload"]
    on_the_way[0].continue_()
    expect(page.get_by_role("status")).to_have_text("2 added.")
    expect(page.get_by_text("Stay on this page until all are sent.")).to_be_hidden()
    follow(page, "Back to the form")
    page.wait_for_url("**/patient")
    assert asked == ["beforeunload"]


def test_a_file_that_does_not_arrive_is_told(page: Page) -> None:
    open_files(page)
    page.context.set_offline(True)
    add(page, LETTER)
    expect(page.get_by_role("alert")).to_contain_text("Letter.pdf was not added. It did not arrive.")
    page.context.set_offline(False)
    add(page, LETTER)
    expect(page.get_by_role("status")).to_have_text("1 added.")


def test_without_the_script_all_are_sent_at_once(portal: Portal, browser: Browser) -> None:
    with browser.new_context(base_url=portal.url, java_script_enabled=False) as context:
        page = context.new_page()
        open_files(page)
        add(page, LETTER, WORD, FAX)
        expect(page.get_by_role("alert")).to_contain_text("Letter.docx was not added. This is a Word file")
        assert names(page) == ["Letter.pdf", "fax.pdf"]
        press(page, "Add files")
        expect(page.get_by_role("alert").first).to_contain_text("Choose a file first")
