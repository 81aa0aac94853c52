"""The receipt: a sheet for the chart that says where it went, why, and what happens by when; it names no patient."""

import re

from flask.testing import FlaskClient

from tests.html import words
from tests.web.practice import open_page, refer


def test_the_receipt_says_where_why_what_next_and_by_when(client: FlaskClient) -> None:
    reference = refer(client, place="Bethel")
    shown = words(open_page(client, f"/r/{reference}/receipt"))
    assert reference in shown
    assert "It went to Ketwell Alaska, Anchorage." in shown
    assert "nearest. It is 400 miles in a straight line from Bethel, Alaska." in shown
    assert "Next best: Ketwell Alaska, Fairbanks, 523 miles in a straight line." in shown
    assert re.search(r"A nurse reads it by \w+day \d+ \w+, \d+:\d\d [ap]m\.", shown)
    assert "assumed, not yet confirmed by the clinic" in shown
    assert "Not told by us." in shown
    assert "Call 911. Call or text 988. Alaska Careline 877-266-4357." in shown


def test_the_receipt_names_no_patient(client: FlaskClient) -> None:
    reference = refer(client)
    text = client.get(f"/r/{reference}/receipt").text
    assert not re.search("Cedar|Sampleton|1985|555-0142", text)


def test_the_receipts_link_opens_the_referral_in_another_browser(client: FlaskClient) -> None:
    reference = refer(client)
    tree = open_page(client, f"/r/{reference}/receipt")
    link = next(found.get("href") for found in tree.iter("a") if "/s/" in str(found.get("href")))
    assert link.startswith("http://127.0.0.1:8000/s/")
    other = client.application.test_client()
    assert other.get(link.removeprefix("http://127.0.0.1:8000")).location == f"/r/{reference}"
    assert other.get(f"/r/{reference}/receipt").status_code == 200


def test_the_receipt_opens_only_with_the_key(client: FlaskClient) -> None:
    reference = refer(client)
    assert client.application.test_client().get(f"/r/{reference}/receipt").status_code == 404


def test_a_street_address_stays_out_of_the_receipt(client: FlaskClient) -> None:
    reference = refer(client, place="12 Example Street, Bethel, AK 99559")
    assert "Example Street" not in client.get(f"/r/{reference}/receipt").text
