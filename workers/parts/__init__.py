"""Every worker, view and door: what it declares, which process it runs in, and how it stands."""
