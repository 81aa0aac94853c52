"""The ring opens what it sealed, where it was sealed, and nothing else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import (
    ContentKey,
    KeyTrouble,
    Purpose,
    Ring,
    Tampered,
    WrappingKeys,
    new_content_key,
    new_line,
    rewrapped,
    sealed_under,
)

PLACE = "drafts.sealed_typed:a"


def wrapping(*lines: str) -> WrappingKeys:
    text = "".join(lines) or new_line()
    return WrappingKeys(lambda: text, where="KEYS")


def made(keys: WrappingKeys) -> list[ContentKey]:
    return [
        new_content_key(keys, number=number, purpose=what) for number, what in enumerate(Purpose, start=1)
    ]


def new_ring() -> Ring:
    keys = wrapping()
    kept = made(keys)
    return Ring(keys, lambda: kept)


RING = new_ring()


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_again_and_does_not_show(plain: bytes) -> None:
    sealed = RING.seal(plain, place=PLACE)
    assert RING.open(sealed, place=PLACE) == plain
    assert len(plain) < 4 or plain not in sealed


def test_the_same_value_never_looks_the_same() -> None:
    assert RING.seal(b"Cedar", place=PLACE) != RING.seal(b"Cedar", place=PLACE)


@pytest.mark.parametrize(
    "elsewhere", ["drafts.sealed_typed:b", "drafts.sealed_safety:a", "events.sealed_typed:a"]
)
def test_a_value_moved_to_another_row_column_or_table_does_not_open(elsewhere: str) -> None:
    with pytest.raises(Tampered, match="moved"):
        RING.open(RING.seal(b"Cedar", place=PLACE), place=elsewhere)


@given(st.data())
def test_a_flipped_bit_anywhere_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(b"Cedar Sampleton", place=PLACE))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(Tampered):
        RING.open(bytes(sealed), place=PLACE)


@given(st.binary(max_size=60))
def test_what_is_no_sealed_value_is_refused(noise: bytes) -> None:
    with pytest.raises(Tampered):
        RING.open(noise, place=PLACE)


def test_a_value_cut_off_anywhere_does_not_open() -> None:
    sealed = RING.seal(b"Cedar", place=PLACE)
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            RING.open(sealed[:length], place=PLACE)


def test_another_databases_ring_opens_nothing() -> None:
    with pytest.raises(Tampered):
        new_ring().open(RING.seal(b"Cedar", place=PLACE), place=PLACE)


def test_a_newer_content_key_seals_and_the_older_one_still_opens() -> None:
    keys = wrapping()
    kept = made(keys)
    ring = Ring(keys, lambda: kept)
    old = ring.seal(b"Cedar", place=PLACE)
    kept.append(new_content_key(keys, number=4, purpose=Purpose.SEAL))
    ring.check()
    assert ring.seal(b"Cedar", place=PLACE).startswith(sealed_under(4))
    assert ring.open(old, place=PLACE) == b"Cedar"


def test_a_value_sealed_by_another_process_with_a_newer_key_opens_at_once() -> None:
    keys = wrapping()
    kept = made(keys)
    ring = Ring(keys, lambda: kept)
    ring.check()
    kept.append(new_content_key(keys, number=4, purpose=Purpose.SEAL))
    other = Ring(keys, lambda: kept)
    assert ring.open(other.seal(b"Cedar", place=PLACE), place=PLACE) == b"Cedar"


def test_a_blind_index_is_equal_for_one_value_of_one_field_only() -> None:
    one = RING.index("patient", "Cedar  SAMPLETON", "1985-03-27")
    assert one == RING.index("patient", "cedar sampleton", "1985-03-27")
    others = [
        RING.index("email", "Cedar Sampleton", "1985-03-27"),
        RING.index("patient", "Cedar Sampleton", "1985-03-28"),
        RING.index("patient", "Cedar", "Sampleton", "1985-03-27"),
        new_ring().index("patient", "Cedar Sampleton", "1985-03-27"),
    ]
    assert one not in others
    assert len(set(others)) == len(others)


def test_a_wrapping_key_with_other_bytes_is_named_and_the_key_is_not_shown() -> None:
    line = new_line()
    name = line.partition(":")[0]
    kept = made(wrapping(line))
    other = f"{name}:{new_line().partition(':')[2]}"
    with pytest.raises(KeyTrouble, match=name) as raised:
        Ring(wrapping(other), lambda: kept).check()
    assert other.partition(":")[2].strip() not in str(raised.value)


def test_a_missing_wrapping_key_is_named() -> None:
    line = new_line()
    kept = made(wrapping(line))
    with pytest.raises(KeyTrouble, match=line.partition(":")[0]):
        Ring(wrapping(), lambda: kept).check()


def test_a_ring_without_content_keys_says_what_to_run() -> None:
    with pytest.raises(KeyTrouble, match="flask prepare"):
        Ring(wrapping(), list).seal(b"x", place=PLACE)


def test_a_wrapped_key_does_not_pass_for_another_one() -> None:
    keys = wrapping()
    kept = new_content_key(keys, number=1, purpose=Purpose.SEAL)
    swapped = ContentKey(number=2, purpose=kept.purpose, wrapping=kept.wrapping, wrapped=kept.wrapped)
    with pytest.raises(KeyTrouble):
        rewrapped(keys, swapped)


def test_rewrapping_changes_the_wrapping_and_not_the_key() -> None:
    first, second = new_line(), new_line()
    kept = made(wrapping(first))
    sealed = Ring(wrapping(first), lambda: kept).seal(b"Cedar", place=PLACE)
    fresh = [rewrapped(wrapping(first, second), each) for each in kept]
    assert Ring(wrapping(second), lambda: fresh).open(sealed, place=PLACE) == b"Cedar"


def test_the_links_of_a_chain_need_the_key() -> None:
    text = os.urandom(20)
    assert RING.link(text) == RING.link(text)
    assert RING.link(text) not in {RING.link(text + b"x"), new_ring().link(text)}
