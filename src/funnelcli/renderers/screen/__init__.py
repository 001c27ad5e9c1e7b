"""Blocks drawn with letters for a terminal."""
