"""An invented month under a policy file, lived in memory by the real rules, for whoever writes the file."""
