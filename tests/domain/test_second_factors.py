"""Recovery codes hold enough chance for a plain digest, and are read as people write them down."""

from random import Random

from portal.domain.second_factors import ALPHABET, draw_recovery_code, read_code, read_recovery_code


def test_a_code_is_five_groups_of_five_without_look_alikes() -> None:
    code = draw_recovery_code(Random(1))
    groups = code.split("-")
    assert [len(group) for group in groups] == [5] * 5
    assert set("".join(groups)) <= set(ALPHABET)
    assert not {"I", "L", "O", "U"} & set(ALPHABET)
    assert len(set(ALPHABET)) ** 25 >= 2**112


def test_no_two_codes_are_the_same() -> None:
    source = Random(2)
    assert len({draw_recovery_code(source) for _ in range(1000)}) == 1000


def test_codes_are_read_in_any_case_with_any_signs_between() -> None:
    code = draw_recovery_code(Random(3))
    plain = code.replace("-", "")
    for typed in (code, plain, code.lower(), code.replace("-", " "), f" {plain} ", plain.replace("0", "o")):
        assert read_recovery_code(typed) == plain
    assert read_code(" 123 456 ") == "123456"
