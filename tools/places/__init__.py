"""Makes the tables of ZIP codes and towns under `seeds/places`; nothing here runs with the portal."""
