"""Rounds of auditing: planned, approved, drawn from a case list, and given to auditors by chance."""
