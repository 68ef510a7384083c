"""The names under which Sightline itself acts. No person may use them: its record would pass for the system's."""

SYSTEM_ACTOR = "sightline"
"""Who records what came due."""

IMPORTER = "importer"
"""Who opens and closes an import."""

OWN_NAMES = frozenset({SYSTEM_ACTOR, IMPORTER})
