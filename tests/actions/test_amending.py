"""Only who sent a referral adds to it, whatever door they come through."""

import pytest
from flask import Flask

from portal.actions import amending
from portal.domain.errors import NotFound
from portal.domain.orders import Actor, ActorKind, Submission
from portal.doors.world import world
from tests.build import NOW, new_referral, send, stored


def add(reference: str, *, by: Actor, holds: frozenset[str] = frozenset()) -> None:
    submission = Submission(key_digest="k", body_digest="b", actor=by, holds=holds)
    amending.amend(new_referral(), reference, submission=submission, keys=world().keys, now=NOW)


@pytest.mark.parametrize("by", [Actor(ActorKind.REFERRER, "form"), Actor(ActorKind.API, "another system")])
def test_who_did_not_send_a_referral_and_holds_no_link_to_it_adds_nothing(app: Flask, by: Actor) -> None:
    reference = send().reference
    with pytest.raises(NotFound):
        add(reference, by=by)
    assert stored(reference).version == 1
    add(reference, by=by, holds=frozenset({reference}))
