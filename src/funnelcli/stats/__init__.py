"""Statistics: pure functions, counts in and values out."""
