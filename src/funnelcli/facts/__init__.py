"""Typed columns to facts: identity, duplicates, channels, stays, money."""
