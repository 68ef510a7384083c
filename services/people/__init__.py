"""Posts, holders, teams and services: who is meant when a policy names a role."""
