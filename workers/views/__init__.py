"""Keeping the views: one reading of each history, and a line and a projector for each view."""
