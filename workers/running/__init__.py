"""Running one process, or the server and all of them on one machine."""
