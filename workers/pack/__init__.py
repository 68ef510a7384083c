"""The inspection pack: what inspectors ask about a council's auditing, as a folder and a zip that anybody can check."""
