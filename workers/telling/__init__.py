"""What is told: messages for other services, and notices for people."""
