"""Registers: what is recorded beside the audits, one mechanism for all that is alike."""
