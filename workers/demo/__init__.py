"""A bundled history of two councils' auditing, and the walk through its views.

`python -m workers.demo.generate` wrote `torbay.jsonl` and `halton.jsonl` once, from the seed that stands there.
"""
