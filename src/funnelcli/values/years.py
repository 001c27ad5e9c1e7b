"""The years in which dates lie; others are mistakes, or stand for none."""

FIRST_YEAR, LAST_YEAR = 1990, 2099
