"""Texts: who may open what was sealed, and that each opening is on record before anybody reads a word."""
