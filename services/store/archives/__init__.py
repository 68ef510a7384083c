"""Archives: files that hold the older part of a stream, as it lay there, and that every reader reads beside it."""
