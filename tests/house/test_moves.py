"""Every move that the table knows is told or not told on purpose, has its button and words, and a story of its own."""

import pytest

from portal.domain import notices
from portal.domain.lifecycle import RULES, Move, Need
from portal.domain.notices import Audience
from portal.web.forms.triage import ASKED
from portal.web.triage_page import DONE
from portal.worker import letters
from tests.house.sources import ROOT

STORIES = " ".join(path.stem for path in (ROOT / "tests" / "web").glob("test_*.py"))


@pytest.mark.parametrize("move", list(RULES))
def test_a_move_has_a_button_words_when_done_a_form_when_it_asks_and_a_story(move: Move) -> None:
    assert RULES[move].button
    assert DONE[move]
    assert (move in ASKED) == bool(RULES[move].needs)
    assert move.value in STORIES


@pytest.mark.parametrize("move", list(Move))
def test_a_move_decides_who_is_told_and_a_mail_has_its_words(move: Move) -> None:
    if Audience.REFERRER in notices.TOLD[move]:
        assert letters.SUBJECTS[move]
        assert letters.SAID[move]
    else:
        assert move not in letters.SAID


def test_a_transfer_asks_for_a_clinic_and_nothing_else_does() -> None:
    assert [rule.move for rule in RULES.values() if Need.CLINIC in rule.needs] == [Move.TRANSFER]
