"""Indicators of performance: what was recorded month by month, what it is compared with, and where neighbours stand."""
