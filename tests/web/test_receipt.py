"""The receipt: a sheet for the chart that says where it went, why, and what happens by when; the patient stands in initials."""

import re

from flask.testing import FlaskClient

from tests import build
from tests.cast import FAIRBANKS
from tests.html import page, words
from tests.web.practice import fill, fill_all, open_page, refer, send

READ_BY_TEAM = (
    r"The network's intake team reads it by \w+day \d+ \w+, \d+:\d\d [ap]m, "
    "looks for a clinic and writes to your practice"
)


def test_the_receipt_says_where_why_what_next_and_by_when(client: FlaskClient) -> None:
    reference = refer(client, place="Bethel")
    shown = words(open_page(client, f"/r/{reference}/receipt"))
    assert reference in shown
    assert "It went to Ketwell Alaska, Anchorage." in shown
    assert "nearest. It is 400 miles in a straight line from Bethel, Alaska." in shown
    assert "Next best: Ketwell Alaska, Fairbanks, 523 miles in a straight line." in shown
    assert re.search(r"A nurse reads it by \w+day \d+ \w+, \d+:\d\d [ap]m\.", shown)
    assert "assumed, not yet confirmed by the clinic" in shown
    assert "a proposal that the network's clinical lead has not signed off yet" in shown
    assert "Not told by us." in shown
    assert "Call 911. Call or text 988. Alaska Careline 877-266-4357." in shown


def test_receipts_are_told_apart_by_initials_and_year_and_name_no_patient(client: FlaskClient) -> None:
    reference = refer(client)
    answer = client.get(f"/r/{reference}/receipt")
    told = "Patient C. S., born 1985. Not told by us. Tell the patient that the clinic will call."
    assert told in words(page(answer))
    assert not re.search("Cedar|Sampleton|March 1985|555-0142", answer.text)


def test_a_link_alone_shows_no_year_of_birth_on_the_receipt(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}"
    shown = words(open_page(client, f"{path}/receipt"))
    assert "Patient C. S. Not told by us." in shown
    assert "1985" not in shown
    fill(client, f"{path}/prove", {"date_of_birth": "3 27 1985"})
    assert "C. S., born 1985." in words(open_page(client, f"{path}/receipt"))


def test_the_status_page_shows_neither_initials_nor_year(client: FlaskClient) -> None:
    shown = words(open_page(client, f"/r/{refer(client)}"))
    assert not re.search(r"C\. S\.|1985", shown)


def test_where_no_clinic_has_it_nothing_is_promised_that_nobody_does(client: FlaskClient) -> None:
    draft = fill_all(client, place="Qqqqzzz", keep_place="y")
    check = words(open_page(client, f"{draft}/check").find(".//main"))
    reference = str(send(client, draft).location).split("/")[2]
    receipt = words(open_page(client, f"/r/{reference}/receipt"))
    status = words(open_page(client, f"/r/{reference}"))
    for shown in (check, receipt, status):
        assert re.search(READ_BY_TEAM, shown)
        assert "assumed, not yet confirmed by the network" in shown
        assert not re.search(
            "A nurse reads it|First visit|clinic will call|calls the patient|Next best", shown
        )


def test_no_next_best_stands_without_its_distance(client: FlaskClient) -> None:
    receipt = build.send(build.new_referral(clinic=FAIRBANKS), place=None)
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}/receipt"))
    assert "It went to Ketwell Alaska, Fairbanks." in shown
    assert "Next best" not in shown


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
