"""Ten answers make a referral; every wrong one is named at once."""

from datetime import UTC, date, datetime

import pytest

from portal.domain import answers, intake, safety
from portal.domain.errors import SafetyStop, UnderAge, Unfit
from portal.domain.safety import Said
from portal.domain.vocabulary import Condition, Tier
from portal.queries import rules
from tests import build
from tests.build import TYPED

TODAY = date(2026, 11, 23)
KNOWN = rules.known(datetime(2026, 11, 23, 20, tzinfo=UTC))
SAFE = (Said(at=datetime(2026, 11, 23, tzinfo=UTC), answers=build.SAFE),)
DANGER = (Said(at=datetime(2026, 11, 23, tzinfo=UTC), answers={safety.DANGER: "yes"}),)


def read(said: tuple[Said, ...] = SAFE, **changes: str) -> intake.NewReferral:
    typed = TYPED | {name.replace("__", "."): value for name, value in changes.items()}
    return intake.read(typed, safety=said, clinic=None, known=KNOWN)


def test_ten_answers_are_required_and_no_more() -> None:
    assert len(intake.REQUIRED) == 10
    with pytest.raises(Unfit) as raised:
        intake.read({}, safety=SAFE, clinic=None, known=KNOWN)
    assert sorted(raised.value.problems) == sorted(intake.REQUIRED)


@pytest.mark.parametrize("nothing", ["", " \n "])
def test_each_answer_that_is_missing_says_its_own_way_out(nothing: str) -> None:
    said = intake.problems(dict.fromkeys(intake.FIELDS, nothing), intake.REQUIRED, KNOWN)
    assert said == {
        "patient.name": "Enter the patient's name",
        "patient.date_of_birth": "Enter the date of birth, like 3 27 1985",
        "patient.phone": "Enter a phone number with area code",
        "patient.place": "Enter where the patient will be",
        "condition": "Choose the condition",
        "reason": "Say why you refer now",
        "referrer.name": "Enter the referrer's name",
        "referrer.practice": "Enter the practice",
        "referrer.email": "Enter an email address for decisions",
        "consent": "Confirm that the patient agrees to this referral",
    }


def test_the_patient_agrees_to_all_who_read_the_answers_and_no_hint_promises_a_move_that_is_not() -> None:
    assert "with the clinic or the network's intake team" in intake.FIELDS["consent"].label
    assert intake.FIELDS["priority"].hint == "Routine unless you say otherwise."


def test_the_answers_become_one_value() -> None:
    new = read()
    assert new.patient.date_of_birth == date(1985, 3, 27)
    assert (new.condition, new.priority) == (Condition.TRD, Tier.ROUTINE)


def test_priority_starts_at_routine() -> None:
    assert read(priority="").priority is Tier.ROUTINE
    with pytest.raises(Unfit, match="priority"):
        read(priority="yesterday")


def test_every_wrong_answer_is_named_at_once() -> None:
    with pytest.raises(Unfit) as raised:
        read(patient__phone="907", condition="sadness", consent="")
    assert set(raised.value.problems) == {"patient.phone", "condition", "consent"}
    assert "patient.phone" in str(raised.value)


@pytest.mark.parametrize("safety", [(), DANGER, SAFE + DANGER])
def test_nothing_is_filed_while_somebody_is_in_danger(safety: tuple[Said, ...]) -> None:
    with pytest.raises(SafetyStop):
        read(safety)


def test_a_corrected_answer_goes_on_and_both_are_kept() -> None:
    assert read(DANGER + SAFE).safety == DANGER + SAFE


def test_a_patient_under_18_is_not_filed() -> None:
    with pytest.raises(UnderAge):
        read(patient__date_of_birth="11 24 2008")
    assert read(patient__date_of_birth="11 23 2008").patient.date_of_birth == date(2008, 11, 23)


def test_what_is_kept_reads_back_to_the_same_value() -> None:
    new = read(DANGER + SAFE)
    assert answers.read(answers.write(new)) == new


def test_further_codes_are_few_and_each_is_looked_up() -> None:
    assert read(diagnosis__others="F41.1; G89.29").more["diagnosis.others"] == ["F41.1", "G89.29"]
    with pytest.raises(Unfit) as raised:
        read(diagnosis__others=", ".join(["F41.1"] * 6))
    assert raised.value.problems == {"diagnosis.others": "Enter 5 further codes or fewer"}


def test_all_bad_codes_are_named_at_once() -> None:
    assert read(diagnosis__others="F41.1 G89.29").more["diagnosis.others"] == ["F41.1", "G89.29"]
    with pytest.raises(Unfit) as raised:
        read(diagnosis__others="F41.1, F32.99, sad, F3A.1")
    said = raised.value.problems["diagnosis.others"]
    assert all(each in said for each in ("F32.99 is not", "“sad”", "F3A.1 is not"))
    assert "F41.1" not in said


@pytest.mark.parametrize("typed", ["F33 " * 5_000, "A" * 20_000, "sad, " * 4_000])
def test_what_is_said_of_an_endless_list_is_short(typed: str) -> None:
    wrong = intake.problems({"diagnosis.others": typed}, ["diagnosis.others"], KNOWN)
    assert len(wrong["diagnosis.others"]) < 100


@pytest.mark.parametrize("typed", ["F33.9, F41.1", "F33.9;F41.1", "F33.9 F41.1"])
def test_the_first_code_is_one_and_says_where_the_others_go(typed: str) -> None:
    with pytest.raises(Unfit) as raised:
        read(diagnosis__code=typed)
    assert raised.value.problems == {
        "diagnosis.code": "Enter one code here, and the others in “Other diagnosis codes”"
    }
    assert read(diagnosis__code="F33.9,").more["diagnosis.code"] == "F33.9"


def test_a_reason_counts_only_with_urgent() -> None:
    why = "Worse since the discharge last week."
    assert "priority_reason" not in read(priority="soon", priority_reason=why).more
    assert read(priority="urgent", priority_reason=why).more["priority_reason"] == why


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [
        ("diagnosis.date", "1984", "1985"),
        ("onset", "2 1985", "3 1985"),
        ("phq9.date", "3 26 1985", "3 27 1985"),
        ("trials.0.started", "2 1985", "3 1985"),
    ],
)
def test_nothing_happens_before_the_patient_is_born(name: str, before: str, since: str) -> None:
    typed = TYPED | {"trials.0.name": "Sertraline", "patient.date_of_birth": "3 27 1985"}
    step = "reason" if name in {field.name for field in intake.STEPS["reason"]} else "tried"
    wrong = intake.step_problems(typed | {name: before}, step, KNOWN)
    assert wrong == {name: "This is before the patient was born; check it and the date of birth"}
    assert intake.step_problems(typed | {name: since}, step, KNOWN) == {}
    assert intake.step_problems(typed | {name: before, "patient.date_of_birth": ""}, step, KNOWN) == {}


@pytest.mark.parametrize("dose", ["200 mg", "200mg", "200 mg/day", "200 mg a day"])
@pytest.mark.parametrize("unit", ["", "mg", "mg a day"])
def test_a_dose_may_have_its_unit_where_it_fits_the_chosen_one(dose: str, unit: str) -> None:
    new = read(trials__0__name="Sertraline", trials__0__dose=dose, trials__0__unit=unit)
    assert [(row["dose"], row["unit"]) for row in new.more["trials"]] == [(200, "mg")]


@pytest.mark.parametrize(("dose", "unit"), [("200 mg", "g"), ("200 ml", "")])
def test_a_dose_in_another_unit_than_the_chosen_one_is_told(dose: str, unit: str) -> None:
    with pytest.raises(Unfit) as raised:
        read(trials__0__name="Sertraline", trials__0__dose=dose, trials__0__unit=unit)
    assert raised.value.problems == {
        "trials.0.dose": "Enter the dose as a number from 0.01 to 10,000, and choose its unit beside it"
    }


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("vitals.heart_rate", "12", "Enter the heart rate as a whole number from 25 to 220"),
        ("vitals.oxygen", "98 kg", "Enter the oxygen saturation as a whole number from 50 to 100"),
        ("phq9.total", "28", "Enter the total of the PHQ-9 as a whole number from 0 to 27"),
        ("phq9.item_9", "4", "Enter the answer to item 9 of the PHQ-9 as a whole number from 0 to 3"),
        ("pain.worst", "11", "Enter the pain at its worst as a whole number from 0 to 10"),
    ],
)
def test_a_number_that_cannot_be_is_told_in_a_sentence(name: str, typed: str, said: str) -> None:
    assert intake.problems({name: typed}, [name], KNOWN) == {name: said}


def test_oxygen_heart_rate_and_weeks_may_have_their_unit() -> None:
    new = read(
        vitals__oxygen="98%",
        vitals__heart_rate="72 bpm",
        trials__0__name="Sertraline",
        trials__0__weeks="8 weeks",
    )
    assert (new.more["vitals.oxygen"], new.more["vitals.heart_rate"]) == (98, 72)
    assert new.more["trials"][0]["weeks"] == 8


def test_an_item_9_that_the_total_cannot_hold_is_told() -> None:
    with pytest.raises(Unfit) as raised:
        read(phq9__total="1", phq9__item_9="3")
    assert set(raised.value.problems) == {"phq9.item_9"}


def test_rows_beyond_the_most_are_refused_together() -> None:
    trials = intake.ROWS["trials"]
    typed = {f"trials.{number}.name": "Sertraline" for number in range(trials.most + 1)}
    wrong = intake.step_problems(typed, "tried", KNOWN)
    assert wrong[trials.status] == f"Send {trials.most} rows or fewer; this has {trials.most + 1}"


def test_a_row_without_a_number_is_none() -> None:
    assert intake.table.grouped({"trials.first.name": "Sertraline"}, intake.ROWS["trials"]) == {}
