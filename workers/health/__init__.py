"""How the workers are, what surrounds them, and whether a view is behind its stream."""
