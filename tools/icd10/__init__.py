"""Makes the table of diagnosis codes under `seeds/icd10`; nothing here runs with the portal."""
