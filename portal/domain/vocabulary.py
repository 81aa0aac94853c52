"""The closed lists: conditions, offerings, tiers, and the words people read for them."""

from enum import StrEnum


class Condition(StrEnum):
    """What a patient may be referred for. A clinician decides; none of these promises treatment."""

    TRD = "trd"
    MDD = "mdd"
    ANXIETY = "anxiety"
    PTSD = "ptsd"
    BIPOLAR_DEPRESSION = "bipolar_depression"
    OCD = "ocd"
    CRPS = "crps"
    FIBROMYALGIA = "fibromyalgia"
    NEUROPATHIC_PAIN = "neuropathic_pain"
    CHRONIC_PAIN_OTHER = "chronic_pain_other"
    CHRONIC_MIGRAINE = "chronic_migraine"


CONDITION_LABELS: dict[Condition, str] = {
    Condition.TRD: "Depression that has not got better with treatment",
    Condition.MDD: "Major depression",
    Condition.ANXIETY: "Anxiety disorder",
    Condition.PTSD: "Post-traumatic stress disorder (PTSD)",
    Condition.BIPOLAR_DEPRESSION: "Bipolar depression",
    Condition.OCD: "Obsessive-compulsive disorder (OCD)",
    Condition.CRPS: "Complex regional pain syndrome (CRPS)",
    Condition.FIBROMYALGIA: "Fibromyalgia",
    Condition.NEUROPATHIC_PAIN: "Nerve pain (neuropathy)",
    Condition.CHRONIC_PAIN_OTHER: "Other long-lasting pain",
    Condition.CHRONIC_MIGRAINE: "Chronic migraine",
}


class OfferingCode(StrEnum):
    """What a clinic offers."""

    MOOD = "mood"
    PAIN = "pain"
    ESKETAMINE = "esketamine"
    CONSULT = "consult"


OFFERING_LABELS: dict[OfferingCode, str] = {
    OfferingCode.MOOD: "Ketamine infusion consultation for mood",
    OfferingCode.PAIN: "Ketamine infusion consultation for long-lasting pain",
    OfferingCode.ESKETAMINE: "Esketamine nasal spray consultation",
    OfferingCode.CONSULT: "Consultation only, no infusion",
}


class Tier(StrEnum):
    """How soon a referral is looked at; declared from most to least urgent."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"

    @property
    def rank(self) -> int:
        """0 is first in a queue."""
        return tuple(Tier).index(self)

    @property
    def label(self) -> str:
        """The word on the tag."""
        return self.value.capitalize()


class WaitingOn(StrEnum):
    """Whose turn it is."""

    US = "us"
    REFERRER = "referrer"
    NOBODY = "nobody"
