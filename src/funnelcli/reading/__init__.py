"""Bytes to typed columns: which file is which, how it is written, and what its cells say."""
