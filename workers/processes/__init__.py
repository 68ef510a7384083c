"""What every process stands on: its tasks, threads and log, and how it starts another."""
