"""Who holds which post in which unit on which day, who may act, and who is told."""
