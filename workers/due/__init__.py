"""What falls due: armed in time, recorded when it has come, and found where a timer was lost."""
