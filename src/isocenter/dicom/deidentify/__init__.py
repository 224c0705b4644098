"""De-identification (PS3.15 Annex E): headers, pixels, pseudonyms and the check of the result."""
