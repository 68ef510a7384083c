"""What every part of the domain stands on: commands, records, the desk. It knows none of the parts."""
