"""What is printed of a sent referral: a summary that leaves nothing out, and in Alaska a travel sheet that claims no more than is kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.audit import Act
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import Move
from portal.domain.places import Place
from portal.domain.safety import DANGER, Said
from portal.doors.world import world
from tests import trail
from tests.build import ANCHORAGE_PLACE, NOW, SAFE, move, new_referral, send
from tests.cast import ANCHORAGE, FAIRBANKS, Cast
from tests.html import page, words
from tests.web import practice

# What is read is shown on both by the tests of the queries; this is about what paper says of it.
pytestmark = pytest.mark.one_database("sqlite")

SHEETS = ("summary", "travel")
TRIALS = [
    {"kind": "medicine", "name": "Sertraline", "dose": 150.0, "unit": "mg", "started": "2024-03",
     "stopped": "2024-09", "response": "partial", "stopped_why": "no_effect"},
    {"kind": "medicine", "name": "Bupropion", "dose": 300.0, "unit": "mg", "weeks": 4, "response": "none"},
]  # fmt: skip
MORE = {
    "patient.language": "esu",
    "travel.escort": "need_help",
    "travel.stays_at": "With an aunt",
    "diagnosis.code": "F33.2",
    "phq9.total": 19,
    "trials": TRIALS,
    "medicines": [{"name": "Lisinopril", "dose": "10 mg daily"}],
    "checklist.allergies": "none",
    "checklist.high_blood_pressure": "yes",
    "checklist.thyroid": "not_known",
    "checklist.stroke": "no",
    "referrer.npi": "2999900014",
    "coverage.payer": "medicaid",
    "coverage.member_id": "SYN-000123",
}


def told(**changed: Any) -> NewReferral:
    """A referral with much that may be left out."""
    return replace(new_referral(clinic=changed.pop("clinic", None)), more={**MORE, **changed})


def bethel() -> Place:
    found = world().locator.locate("Bethel, AK")
    assert isinstance(found, Place)
    return found


def open_in(client: FlaskClient, new: NewReferral | None = None, *, place: Place | None = None) -> str:
    """File a referral for somebody in Bethel, and open it in a browser that proved whom it knows."""
    receipt = send(new or new_referral(), place=place or bethel())
    client.get(f"/s/{receipt.status_key}")
    with client.session_transaction() as cookie:
        cookie["proven"] = [receipt.reference]
    return receipt.reference


def sheet(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status_code
    return words(page(answer).find(".//article"))


def summary(client: FlaskClient, new: NewReferral) -> str:
    return sheet(client.get(f"/r/{open_in(client, new)}/summary"))


def travel(client: FlaskClient, new: NewReferral | None = None) -> str:
    return sheet(client.get(f"/r/{open_in(client, new)}/travel"))


# ---------------------------------------------------------------- who is shown them


@pytest.mark.parametrize("name", SHEETS)
def test_who_does_not_know_the_patient_is_asked_first_and_led_on(client: FlaskClient, name: str) -> None:
    receipt = send()
    path = f"/r/{receipt.reference}/{name}"
    assert client.get(path).status_code == 404
    client.get(f"/s/{receipt.status_key}")
    asked = client.get(path)
    assert (asked.status_code, asked.location) == (302, f"/r/{receipt.reference}/prove?next={name}")
    answer = practice.fill(client, str(asked.location), {"date_of_birth": "3 27 1985"})
    assert answer.location == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", SHEETS)
def test_each_look_is_noted_and_an_asking_back_is_none(client: FlaskClient, name: str) -> None:
    reference = open_in(client)
    client.get(f"/r/{reference}/{name}")
    last = trail.entries()[-1]
    assert (last.act, last.actor.partition(":")[0], last.facts) == (Act.LOOKED, "referrer", {"page": name})
    with client.session_transaction() as cookie:
        cookie["proven"] = []
    before = len(trail.entries())
    client.get(f"/r/{reference}/{name}")
    assert len(trail.entries()) == before


@pytest.mark.parametrize("name", SHEETS)
def test_nobody_keeps_it_and_its_title_names_nobody(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/r/{open_in(client)}/{name}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Sampleton" not in str(page(answer).findtext(".//title"))


@pytest.mark.parametrize("name", SHEETS)
def test_staff_print_the_same_sheet_as_the_practice(client: FlaskClient, cast: Cast, name: str) -> None:
    reference = open_in(client, told())
    ours = sheet(cast.browser("fern").get(f"/staff/referrals/{reference}/{name}"))
    theirs = sheet(client.get(f"/r/{reference}/{name}"))
    printed_at = ours.index("Alaska time")
    assert ours[printed_at:] == theirs[printed_at:]
    last = [entry for entry in trail.entries() if entry.actor.startswith("member")][-1]
    assert (last.act, last.facts) == (Act.LOOKED, {"page": name})


@pytest.mark.parametrize("name", SHEETS)
def test_another_clinics_member_finds_none_and_that_is_noted(
    client: FlaskClient, cast: Cast, name: str
) -> None:
    reference = open_in(client)
    assert cast.browser("dahlia").get(f"/staff/referrals/{reference}/{name}").status_code == 404
    assert (trail.entries()[-1].act, trail.entries()[-1].facts) == (Act.REFUSED, {"asked": name})


def test_the_pages_lead_to_the_sheets(client: FlaskClient, cast: Cast) -> None:
    reference = open_in(client, new_referral())
    for path, browser in (
        (f"/r/{reference}", client),
        (f"/r/{reference}/receipt", client),
        (f"/staff/referrals/{reference}", cast.browser("fern")),
    ):
        tree = page(browser.get(path))
        for name in SHEETS:
            base = path.removesuffix("/receipt")
            assert tree.find(f".//a[@href='{base}/{name}']") is not None, (path, name)


def test_where_medicaid_pays_its_sheet_is_offered_first_to_who_knows_the_patient(client: FlaskClient) -> None:
    reference = open_in(client, told())

    def order() -> list[str]:
        found = [str(link.get("href")) for link in page(client.get(f"/r/{reference}")).iter("a")]
        return [href.rpartition("/")[2] for href in found if href.rpartition("/")[2] in SHEETS]

    assert order() == ["travel", "summary"]
    with client.session_transaction() as cookie:
        cookie["proven"] = []
    assert order() == ["summary", "travel"]


# ---------------------------------------------------------------- the summary


def test_the_summary_has_every_answer_in_words(client: FlaskClient) -> None:
    said = summary(client, told())
    for words_ in (
        "Name Cedar Sampleton Date of birth 27 March 1985, age 41 when sent Phone 907-555-0142",
        "Preferred language Central Yup'ik",
        "Why now Two adequate trials without lasting response.",
        "F33.2",
        "PHQ-9, total 19",
        "Medicines taken now Lisinopril, 10 mg daily Allergies None",
        "Referrer Aster Mockingham, MD",
        "NPI 2999900014",
        "Member ID SYN-000123",
        "3210 Denali St Unit 4, Anchorage, AK 99503 Phone not yet confirmed by the clinic",
        "It is 400 miles in a straight line from Bethel, Alaska.",
    ):
        assert words_ in said, words_


def test_each_trial_stands_with_its_working(client: FlaskClient) -> None:
    said = summary(client, told())
    assert "Sertraline: 150 mg a day; March 2024 to September 2024; response: partial" in said
    assert "Bupropion 300 mg for 4 weeks: does not count, less than 6 weeks." in said
    assert "1 adequate trial, which does not meet the network’s rule" in said


def test_the_checklist_says_yes_first_and_takes_no_blank_for_a_no(client: FlaskClient) -> None:
    said = summary(client, told())
    yes, not_known = "Yes: High blood pressure", "Not known: Overactive thyroid"
    assert said.index(yes) < said.index(not_known) < said.index("No: Stroke or bleeding")
    assert "Not answered: Psychosis, now or before;" in said
    assert "Happening now Not answered" in said
    assert "What is not listed was not answered; that is not a “no”." in said


def test_a_correction_stands_with_what_it_corrects(client: FlaskClient) -> None:
    first = Said(at=NOW - timedelta(minutes=5), answers=SAFE | {DANGER: "yes"})
    then = Said(at=NOW, answers=SAFE, reason="Pressed by mistake.")
    said = summary(client, replace(new_referral(), safety=(first, then)))
    assert "Danger now No Corrected Monday 23 November, 11:00 am: Pressed by mistake." in said
    assert "10:55 am: Is anyone in immediate danger now? Yes" in said


def test_the_summary_ends_with_what_was_said_since_and_the_files(client: FlaskClient, cast: Cast) -> None:
    reference = open_in(client, new_referral(clinic=ANCHORAGE), place=ANCHORAGE_PLACE)
    fern = cast.actor("fern")
    move(reference, Move.CLAIM, fern)
    move(reference, Move.ASK, fern, code="IN01", words="Which dose?")
    move(reference, Move.ANSWER, fern, words="200 mg.")
    said = sheet(client.get(f"/r/{reference}/summary"))
    since = said.partition("Asked, answered and added since")[2]
    assert "asked: Treatments tried: dose, length, response. Which dose?" in since
    assert since.index("Which dose?") < since.index("wrote down what the practice answered: 200 mg.")
    assert "Files sent along None" in since
    assert said.count("Files sent along") == 1


def test_every_page_says_whose_paper_it_is(client: FlaskClient) -> None:
    reference = open_in(client)
    for name in SHEETS:
        head = page(client.get(f"/r/{reference}/{name}")).find(".//div[@class='paper-head']")
        assert words(head).startswith(f"Referral {reference}. Confidential")
        assert "Alaska time, Clinic Referrals" in words(head)


# ---------------------------------------------------------------- the travel sheet


def test_the_travel_sheet_says_which_clinics_were_judged_and_why(client: FlaskClient) -> None:
    said = travel(client, told())
    assert "Of the 3 clinics in this portal's directory it is the nearest that accepts this referral" in said
    assert "Ketwell Alaska, Fairbanks 523 miles in a straight line. Suits too." in said
    assert "Does not suit: not accepting referrals here." in said
    assert "Because" not in said


def test_a_clinic_that_is_not_the_nearest_is_not_called_so(client: FlaskClient) -> None:
    said = travel(client, told(clinic=FAIRBANKS))
    assert "A nearer clinic suits too: Ketwell Alaska, Anchorage, 400 miles in a straight line." in said
    assert "it is the nearest" not in said
    assert "Because" in said


def test_after_a_transfer_the_sheet_is_about_the_clinic_that_has_it(client: FlaskClient, cast: Cast) -> None:
    reference = open_in(client, place=ANCHORAGE_PLACE)
    move(reference, Move.TRANSFER, cast.actor("fern"), code="RD09", words="Asked for.", clinic=FAIRBANKS)
    assert "To Ketwell Alaska, Fairbanks" in sheet(client.get(f"/r/{reference}/travel"))


def test_what_routing_does_not_know_is_left_to_be_written(client: FlaskClient) -> None:
    said = travel(client)
    assert "Way Not worked out by this portal. Mark it: road air ferry" in said
    for label in ("Medicaid ID", "NPI", "Phone"):
        assert f"{label} To be written in" in said
    assert "Somebody can come along Not given" in said


def test_what_was_answered_about_travel_stands_there(client: FlaskClient) -> None:
    said = travel(client, told())
    assert "Somebody can come along Needs help with this Stays during the course With an aunt" in said
    assert "NPI 2999900014" in said
    assert "Medicaid ID SYN-000123" in said
    assert "Depression that has not got better with treatment (F33.2)" in said


def test_another_payers_number_is_no_medicaid_number(client: FlaskClient) -> None:
    assert "SYN-000123" not in travel(client, told(**{"coverage.payer": "commercial"}))


def test_what_is_clinical_waits_for_sign_off_and_nothing_is_decided(client: FlaskClient) -> None:
    said = travel(client)
    unsigned = "Needs sign-off by the network's clinical lead."
    assert f"Often six visits in two to three weeks. To be confirmed by the clinic. {unsigned}" in said
    assert said.count(unsigned) == 2
    assert "This sheet decides nothing and approves nothing." in said
    assert "prior authorization of travel (7 AAC 120.410)" in said


def seattle() -> Place:
    found = world().locator.locate("98101")
    assert isinstance(found, Place)
    return found


def test_outside_alaska_there_is_no_travel_sheet(client: FlaskClient, cast: Cast) -> None:
    reference = open_in(client, new_referral(clinic=ANCHORAGE), place=seattle())
    before = len(trail.entries())
    assert client.get(f"/r/{reference}/travel").status_code == 404
    fern = cast.browser("fern")
    assert fern.get(f"/staff/referrals/{reference}/travel").status_code == 404
    assert len([entry for entry in trail.entries()[before:] if entry.act is Act.LOOKED]) == 0
    for path, browser in ((f"/r/{reference}", client), (f"/staff/referrals/{reference}", fern)):
        assert f"{reference}/travel" not in browser.get(path).text
