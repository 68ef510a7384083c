"""Read models: pure folds of history into tables, and the queries on them. No broker and no rule is here."""
