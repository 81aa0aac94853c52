"""References: short, unambiguous, and a slip of the pen is noticed."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.reference import ALPHABET, draw, read

references = st.integers(0, 2**32).map(lambda seed: draw(Random(seed)))


@given(references)
def test_a_drawn_reference_reads_back_however_it_is_written(reference: str) -> None:
    assert read(reference) == reference
    assert read(f"  {reference.replace('-', ' ').lower()} ") == reference
    assert read(reference.replace("-", "")) == reference


@given(references, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(reference: str, place: int, wrong: str) -> None:
    code = list(reference.replace("-", ""))
    changed = code[place] != wrong
    code[place] = wrong
    assert (read("".join(code)) is None) == changed


@given(references, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(reference: str, place: int) -> None:
    code = list(reference.replace("-", ""))
    code[place], code[place + 1] = code[place + 1], code[place]
    assert (read("".join(code)) is None) == (code[place] != code[place + 1])


def test_a_letter_read_for_a_digit_is_taken_as_the_digit() -> None:
    reference = next(found for seed in range(99) if "8" in (found := draw(Random(seed))))
    assert read(reference.replace("8", "B")) == reference


@given(st.text())
def test_any_text_is_a_reference_or_none(text: str) -> None:
    found = read(text)
    assert found is None or read(found) == found


def test_no_vowel_and_no_look_alike_is_used() -> None:
    assert not set("AEIOU01SBZL") & set(ALPHABET)
