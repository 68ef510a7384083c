"""Whoever records commands: the desks, and the process that appends for one that decides."""
