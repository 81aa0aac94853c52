"""A sealed file opens as it was written, or not at all: not changed, not cut, not in another order, not with another key."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import KeyTrouble, WrappingKeys, new_line
from portal.vault.stream import CHUNK_BYTES, TAG_BYTES, Damaged, seal, unseal

LINE = new_line()
WRAPPING = WrappingKeys(lambda: LINE, where="KEYS")
FACTS = {"made_at": "2026-11-23T20:00:00+00:00"}
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
PLAIN = bytes(range(256)) * (CHUNK_BYTES * 3 // 256) + b"the end"
"""Three chunks and a little of a fourth."""


def sealed(plain: bytes = PLAIN) -> bytes:
    return b"".join(seal([plain], facts=FACTS, wrapping=WRAPPING))


def opened(file: bytes, *, wrapping: WrappingKeys = WRAPPING) -> bytes:
    return b"".join(unseal(io.BytesIO(file), wrapping=wrapping).plain)


FILE = sealed()
HEAD_BYTES = len(FILE) - len(PLAIN) - 4 * TAG_BYTES
BORDERS = [HEAD_BYTES + number * SEALED_CHUNK for number in range(4)]
CHUNKS = [FILE[start:end] for start, end in pairwise([*BORDERS, len(FILE)])]
HEAD = FILE[:HEAD_BYTES]


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_was_sealed_is_opened(length: int) -> None:
    plain = b"x" * length
    assert opened(sealed(plain)) == plain


def test_the_facts_are_told_and_the_rest_is_not() -> None:
    found = unseal(io.BytesIO(FILE), wrapping=WRAPPING)
    assert (found.facts, found.wrapping) == (FACTS, LINE.partition(":")[0])
    assert PLAIN[:16] not in FILE


def test_no_two_files_are_alike() -> None:
    assert sealed(b"the same")[HEAD_BYTES:] != sealed(b"the same")[HEAD_BYTES:]


@given(place=st.integers(0, len(FILE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_wherever_it_is(place: int, bit: int) -> None:
    changed = bytearray(FILE)
    changed[place] ^= 1 << bit
    with pytest.raises((Damaged, KeyTrouble)):
        opened(bytes(changed))


@given(length=st.integers(0, len(FILE) - 1) | st.sampled_from(BORDERS))
def test_a_file_that_ends_early_is_found(length: int) -> None:
    with pytest.raises(Damaged):
        opened(FILE[:length])


@pytest.mark.parametrize("border", BORDERS[1:])
def test_a_file_cut_between_two_chunks_is_said_to_lack_its_end(border: int) -> None:
    with pytest.raises(Damaged, match="its end is missing"):
        opened(FILE[:border])


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (0, 2, 3), (0, 1, 1, 2, 3), (0, 1, 2, 3, 3), (3, 0, 1, 2)])
def test_chunks_swapped_left_out_repeated_or_added_are_found(order: tuple[int, ...]) -> None:
    with pytest.raises(Damaged, match="it was changed in its part"):
        opened(HEAD + b"".join(CHUNKS[number] for number in order))


def test_bytes_added_at_the_end_are_found() -> None:
    with pytest.raises(Damaged, match="it was changed in its part"):
        opened(FILE + b"x")


def test_the_head_of_another_file_does_not_fit() -> None:
    with pytest.raises(Damaged):
        opened(sealed()[:HEAD_BYTES] + FILE[HEAD_BYTES:])


def test_other_facts_in_the_head_are_found_before_they_are_believed() -> None:
    with pytest.raises(Damaged):
        unseal(io.BytesIO(FILE.replace(b"2026-11-23", b"2027-11-23", 1)), wrapping=WRAPPING)


def test_another_key_and_no_key_are_told_apart() -> None:
    name = LINE.partition(":")[0]
    with pytest.raises(KeyTrouble, match="does not hold the key"):
        opened(FILE, wrapping=WrappingKeys(new_line, where="KEYS"))
    other = f"{name}:{new_line().partition(':')[2]}"
    with pytest.raises(KeyTrouble, match="is not the one"):
        opened(FILE, wrapping=WrappingKeys(lambda: other, where="KEYS"))


def test_any_other_file_is_refused() -> None:
    for content in (b"", b"\n", b"SQLite format 3\x00" * 100, b"clinic-portal sealed file 2\n{}\n"):
        with pytest.raises(Damaged, match="not a file that this portal sealed"):
            opened(content)
