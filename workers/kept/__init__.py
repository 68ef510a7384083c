"""What the workers keep of themselves, in the database of the views and beside their rows."""
