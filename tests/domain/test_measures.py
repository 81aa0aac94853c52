"""Numbers are read with their units and within their ranges; a slip is told where it is."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import measures


@pytest.mark.parametrize(
    "typed",
    [
        "1234567893",
        " 2999900014 ",
        "2999900105",
        "123 456 7893",
        "123-456-7893",
        "NPI 1234567893",
        "npi: 123-456-7893",
    ],
)
def test_an_npi_with_its_check_digit_is_taken(typed: str) -> None:
    assert measures.npi(typed) == "".join(filter(str.isdigit, typed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1234567890", "slip"),
        ("1243567893", "slip"),
        ("123456789", "10 digits"),
        ("12345678931", "10 digits"),
        ("3234567893", "starts with 1 or 2"),
        ("١٢٣٤٥٦٧٨٩٣", "10 digits"),
        ("", "Enter an answer"),
    ],
)
def test_an_npi_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measures.npi(typed)


@given(st.integers(100_000_000, 299_999_999).map(str))
def test_of_ten_last_digits_one_fits(start: str) -> None:
    fitting = []
    for last in "0123456789":
        with suppress(ValueError):
            fitting.append(measures.npi(start + last))
    assert len(fitting) == 1


@given(st.sampled_from(["1234567893", "2999900014", "2999900063"]), st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes(right: str, at: int, more: int) -> None:
    wrong = f"{right[:at]}{(int(right[at]) + more) % 10}{right[at + 1 :]}"
    with pytest.raises(ValueError, match="slip"):
        measures.npi(wrong)


@pytest.mark.parametrize(("typed", "value"), [("0", 0), ("27", 27), (" 9 ", 9), ("007", 7)])
def test_a_whole_number_in_its_range_is_taken(typed: str, value: int) -> None:
    assert measures.whole(typed, low=0, high=27, what="the PHQ-9 total") == value


@pytest.mark.parametrize("typed", ["98", "98%", "98 %", "98 percent"])
def test_a_whole_number_may_have_its_unit(typed: str) -> None:
    assert _oxygen(typed) == 98


def test_a_whole_number_in_another_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="from 50 to 100"):
        _oxygen("98 kg")


def _oxygen(typed: str) -> int:
    return measures.whole(typed, low=50, high=100, what="the oxygen saturation", units=("%", "percent"))


@pytest.mark.parametrize("typed", ["28", "28%", "-1", "9.5", "nine", "1e1", "²", "99999999"])
def test_a_whole_number_out_of_its_range_says_the_range(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter the PHQ-9 total as a whole number from 0 to 27"):
        measures.whole(typed, low=0, high=27, what="the PHQ-9 total")


@pytest.mark.parametrize(
    ("typed", "value"), [("150", 150), ("37.5 mg", 37.5), ("150MG", 150), ("1,200", 1200), ("0.5", 0.5)]
)
def test_a_number_may_have_decimals_and_its_unit(typed: str, value: float) -> None:
    assert measures.number(typed, low=0.1, high=5000, unit="mg") == value


@pytest.mark.parametrize("typed", ["0", "5001", "12,00", "150 ml", "nan", "inf", "1e3", "-5", "1.2345"])
def test_a_number_out_of_its_range_says_the_range_and_the_unit(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Enter a number from 0\.1 to 5000 mg"):
        measures.number(typed, low=0.1, high=5000, unit="mg")


def test_a_number_without_a_unit_names_none() -> None:
    with pytest.raises(ValueError, match=r"from 0 to 10$"):
        measures.number("11", low=0, high=10)


@pytest.mark.parametrize(("total", "item_9"), [(0, 0), (27, 3), (24, 0), (3, 3), (22, 2)])
def test_a_total_and_item_9_of_one_questionnaire_are_taken(total: int, item_9: int) -> None:
    assert measures.phq9(total, item_9=item_9) == (total, item_9)


@pytest.mark.parametrize(
    ("total", "item_9", "said"),
    [
        (1, 2, "from 2 to 26; this says 1"),
        (25, 0, "from 0 to 24; this says 25"),
        (27, 2, "from 2 to 26"),
        (9, 4, "0 to 3"),
        (9, -1, "0 to 3"),
    ],
)
def test_a_total_that_item_9_rules_out_is_told(total: int, item_9: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measures.phq9(total, item_9=item_9)


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_every_filled_in_questionnaire_is_taken(items: list[int]) -> None:
    assert measures.phq9(sum(items), item_9=items[-1])


@pytest.mark.parametrize(
    "typed", ["172/104", " 172 / 104 ", "172 over 104", "172 104", "172/104 mmHg", "172/104 mm Hg"]
)
def test_a_blood_pressure_is_two_numbers(typed: str) -> None:
    assert measures.blood_pressure(typed) == (172, 104)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("172", "two numbers"),
        ("high", "two numbers"),
        ("172-104", "two numbers"),
        ("261/100", "first number .* 60 to 260"),
        ("59/40", "first number .* 60 to 260"),
        ("200/161", "second number .* 30 to 160"),
        ("100/29", "second number .* 30 to 160"),
        ("104/104", "larger one"),
        ("80/120", "larger one"),
    ],
)
def test_a_blood_pressure_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measures.blood_pressure(typed)


@pytest.mark.parametrize(
    ("typed", "kg"),
    [
        ("80 kg", 80),
        ("80.26kg", 80.3),
        ("176 lb", 79.8),
        ("176 lbs.", 79.8),
        ("200 Pounds", 90.7),
        ("25 kilos", 25),
    ],
)
def test_a_weight_is_kept_in_kilograms(typed: str, kg: float) -> None:
    assert measures.weight(typed) == kg


@pytest.mark.parametrize(
    ("typed", "said"), [("80", "unit"), ("heavy", "unit"), ("24 kg", "25 to 350"), ("800 lb", "25 to 350")]
)
def test_a_weight_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measures.weight(typed)


@pytest.mark.parametrize(
    ("typed", "cm"),
    [("170 cm", 170), ("1.70 m", 170), ("5 ft 7 in", 170.2), ("5'7\"", 170.2), ("5’7”", 170.2), ("6 ft", 182.9),
     ("6 feet 1", 185.4), ("67 in", 170.2), ("5'7''", 170.2)],
)  # fmt: skip
def test_a_height_is_kept_in_centimeters(typed: str, cm: float) -> None:
    assert measures.height(typed) == cm


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("170", "unit"),
        ("5 ft 12 in", "unit"),
        ("17 cm", "90 to 250"),
        ("9 ft", "90 to 250"),
        ("tall", "unit"),
    ],
)
def test_a_height_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measures.height(typed)
