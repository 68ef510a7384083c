"""Programme tasks: what a role owes by the end of each month, quarter or year."""
