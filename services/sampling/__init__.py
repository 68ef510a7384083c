"""A month of auditing: one file of each team, and samples that anybody can draw again."""
