"""What is true of clinics, places and referrals: pure functions over frozen values, knowing no framework."""
