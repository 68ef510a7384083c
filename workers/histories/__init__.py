"""Whole histories: read from the first event, and what somebody does to one deliberately."""
