"""How news reaches a process: messages pulled from the server, and how often it looks for them."""
