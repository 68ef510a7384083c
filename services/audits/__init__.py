"""The case-file audit, from allocation to closure."""
