"""A bundled history of two councils' auditing, and the walk through its views.

`python -m workers.demo.generate` wrote the `.jsonl` files once, from the seed that stands there.
"""
