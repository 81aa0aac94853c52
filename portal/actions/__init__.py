"""The verbs: one verb is one transaction, and a move of a referral appends exactly one event."""
