"""One authority's framework as data: read from its file, validated, and asked by every other room."""
