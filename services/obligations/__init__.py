"""The obligations engine: from history and policy, what is owed by whom, by when, and who is told on the way."""
