"""Reports: what people write in them, and issuing them, by which what they said stays as it was."""
