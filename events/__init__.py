"""The contracts: every event, its envelope, its stored name and its subject. Nothing of ours is imported here."""
