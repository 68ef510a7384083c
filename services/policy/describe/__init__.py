"""A framework in words that a person can check against the paper, and what changed between two of its versions."""
