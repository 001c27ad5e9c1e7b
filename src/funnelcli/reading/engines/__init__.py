"""The one seam for visits, the only input that outgrows memory: files in, visits by day and channel out.

Two engines give the same answer.  ``rows_engine`` reads row by row in Python, knows every dialect and every fault
with its line.  ``duckdb_engine`` reads regular files at the speed of the disk, and hands any file in which something is
not regular back to the other: it never has to explain an error.
"""
