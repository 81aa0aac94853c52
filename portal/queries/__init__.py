"""Questions to the database: each says what it loads, and none writes."""
