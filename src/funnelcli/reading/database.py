"""DuckDB itself: what its package has beside takes four times as long to import, and nothing of it is needed here."""

from _duckdb import Error, InterruptException, OutOfMemoryException, __version__, connect

__all__ = ["Error", "InterruptException", "OutOfMemoryException", "__version__", "connect"]
