"""Programs for people who run or build the portal; nothing in `portal` imports from here."""
