"""The clinic directory and referral portal."""
