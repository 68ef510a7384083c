"""What is asked of a system and worked out on asking: the same for the program and the API."""
