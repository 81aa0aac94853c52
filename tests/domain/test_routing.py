"""Suitable, then nearest, then by name; every candidate keeps its reason."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain import routing
from portal.domain.routing import Choice, Offer, Reason, Treats, Wanted
from portal.domain.vocabulary import Condition

NEED = Wanted(condition=Condition.TRD, age=41)
MOOD = (Treats(conditions=frozenset({Condition.TRD, Condition.PTSD}), min_age=18),)
NEAR = Offer(slug="near", name="Near", accepting=True, treats=MOOD, distance_km=5.0)
FAR = replace(NEAR, slug="far", name="Far", distance_km=500.0)


def test_the_nearest_suitable_clinic_has_it_however_far() -> None:
    assert routing.rank(NEED, [FAR, NEAR]).chosen == "near"
    assert routing.rank(NEED, [FAR]).chosen == "far"


def test_a_clinic_that_does_not_accept_is_passed_over_and_says_why() -> None:
    placement = routing.rank(NEED, [replace(NEAR, accepting=False), FAR])
    assert placement.chosen == "far"
    assert placement.candidates[-1].reasons == (Reason.NOT_ACCEPTING,)


def test_a_clinic_for_other_conditions_is_passed_over() -> None:
    pain = replace(NEAR, treats=(Treats(conditions=frozenset({Condition.CRPS})),))
    placement = routing.rank(NEED, [pain, FAR])
    assert (placement.chosen, placement.candidates[-1].reasons) == ("far", (Reason.CONDITION_NOT_TREATED,))


def test_a_clinic_for_other_ages_is_passed_over_at_both_ends() -> None:
    bounded = replace(NEAR, treats=(replace(MOOD[0], min_age=42, max_age=60),))
    for age, chosen in ((41, "far"), (42, "near"), (60, "near"), (61, "far")):
        assert routing.rank(replace(NEED, age=age), [bounded, FAR]).chosen == chosen
    assert routing.rank(NEED, [bounded]).candidates[0].reasons == (Reason.AGE_OUTSIDE,)


def test_unknown_ages_keep_a_clinic_and_say_ask_first() -> None:
    unknown = replace(NEAR, treats=(replace(MOOD[0], min_age=None),))
    assert routing.rank(NEED, [unknown]).kept[0].reasons == (Reason.SUITS, Reason.AGES_UNKNOWN)


def test_without_a_suitable_clinic_the_intake_queue_has_it() -> None:
    placement = routing.rank(replace(NEED, condition=Condition.OCD), [NEAR, FAR])
    assert (placement.chosen, placement.choice, placement.kept) == (None, Choice.RULE, ())


def test_where_the_place_is_unknown_the_intake_queue_has_it() -> None:
    placement = routing.rank(NEED, [replace(NEAR, distance_km=None), replace(FAR, distance_km=None)])
    assert placement.chosen is None
    assert Reason.DISTANCE_UNKNOWN in placement.kept[0].reasons


def test_the_referrer_chooses_among_those_that_suit() -> None:
    placement = routing.rank(NEED, [NEAR, FAR], "far")
    assert (placement.chosen, placement.choice) == ("far", Choice.REFERRER)
    closed = replace(FAR, accepting=False)
    assert routing.rank(NEED, [NEAR, closed], "far").chosen == "near"


def test_equally_near_clinics_stand_by_name_then_slug() -> None:
    same = [replace(NEAR, slug=slug, name=name) for slug, name in (("c", "B"), ("b", "A"), ("a", "B"))]
    for order in permutations(same):
        assert [candidate.slug for candidate in routing.rank(NEED, order).candidates] == ["b", "a", "c"]


offers = st.lists(
    st.builds(
        Offer,
        slug=st.uuids().map(str),
        name=st.sampled_from(["A", "B", "C"]),
        accepting=st.booleans(),
        treats=st.just(MOOD),
        distance_km=st.none() | st.floats(0, 20_000),
    ),
    unique_by=lambda offer: offer.slug,
    max_size=8,
)


@given(offers, st.randoms())
def test_the_order_in_which_clinics_are_asked_changes_nothing(
    found: list[Offer], chance: st.DataObject
) -> None:
    shuffled = sorted(found, key=lambda _offer: chance.random())  # type: ignore[attr-defined]
    assert routing.rank(NEED, found) == routing.rank(NEED, shuffled)


@given(offers)
def test_nobody_is_lost_and_the_chosen_one_is_kept(found: list[Offer]) -> None:
    placement = routing.rank(NEED, found)
    assert {candidate.slug for candidate in placement.candidates} == {offer.slug for offer in found}
    assert placement.chosen is None or placement.chosen in {candidate.slug for candidate in placement.kept}
