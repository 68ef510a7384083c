"""Messages to people: what goes to whom when, what it says, by which way, and what became of it."""
