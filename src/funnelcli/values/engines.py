"""What reads large files of visits, by the names that options and settings have for it."""

from typing import Literal

EngineName = Literal["duckdb", "dask"]
