"""A password is long and hard to guess; which signs it is made of is nobody's business."""

import time

import pytest

from portal.domain.passwords import MOST, normal, problem

CONTEXT = ("Fern Specimen, RN", "fern@example.com", "Clinic Referrals")


def said(password: str, *, second: bool = True) -> str:
    return problem(normal(password), has_second_factor=second, context=CONTEXT) or ""


@pytest.mark.parametrize(
    "password",
    [
        "a heron walks on thin ice",
        "correct horse battery staple",
        "lachs wandert über das eis",
        "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ ᐱᐅᔪᖅ",
        "🐻❄️🌲 seventeen quiet cabins",
        "v8#Kq!zR2m&Lw9xT",
        "kazimglotterbruv fenwickle" * 4,
    ],
)
def test_long_passwords_of_any_signs_are_taken(password: str) -> None:
    assert said(password, second=False) == ""


def test_fifteen_characters_are_asked_for_and_eight_beside_a_second_factor() -> None:
    assert "at least 15" in said("v8#Kq!zR2m&Lw9", second=False)
    assert said("v8#Kq!zR2m&Lw9x", second=False) == ""
    assert "at least 8" in said("v8#Kq!z")
    assert said("v8#Kq!zRm&Lw") == ""


def test_no_password_is_longer_than_the_most() -> None:
    assert said("kZ8#" * (MOST // 4)) != f"Use at most {MOST} characters."
    assert said("k" * (MOST + 1)) == f"Use at most {MOST} characters."


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password1234567", "P@ssw0rdP@ssw0rd", "qwertyuiopasdfg", "123456789012345", "aaaaaaaaaaaaaaaa",
        "1qaz2wsx3edc4rfv", "iloveyouiloveyou", "Fern Specimen RN", "fern.specimen1985", "fern@example.com",
        "Clinic Referrals", "clinicreferrals1", "clinicreferrals2026", "abcabcabcabcabcabc",
    ],
)  # fmt: skip
def test_common_ones_patterns_and_words_of_the_place_are_refused(password: str) -> None:
    assert "easy to guess" in said(password, second=False)


def test_the_same_password_from_another_keyboard_is_the_same() -> None:
    assert normal("ﬁsh über ice") == normal("fish u\u0308ber ice")


def test_no_password_keeps_the_estimate_busy_for_long() -> None:
    began = time.process_time()
    for password in ("0O" * 64, "qwertyuiop" * 12, "a1!" * 42):
        said(password)
    assert time.process_time() - began < 10
