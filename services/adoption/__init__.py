"""Adopting a framework: by which rules an authority's work is decided, since when, and who said so."""
