"""The page with pictures: blocks as the template takes them, its style sheet, and how figures are written in it."""
