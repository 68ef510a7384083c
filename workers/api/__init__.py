"""The HTTP API: a door to every command of the catalogue and to every view, made from what these declare."""
