"""The names under which Sightline itself acts. No person may use them: its record would pass for the system's."""

SYSTEM_ACTOR = "sightline"
"""Who records what came due."""

IMPORTER = "importer"
"""Who opens and closes an import."""

OPERATOR = "operator"
"""Who runs an installation of their own and names nobody: whoever may read its data folder."""

SYSTEM_ROLE = "system"
"""The role of each of them."""

OWN_NAMES = frozenset({SYSTEM_ACTOR, IMPORTER, OPERATOR})
