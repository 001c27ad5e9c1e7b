"""Funnel metrics from a company's own exports: a folder of files in, a monthly dashboard out."""

__version__ = "0.1.0"
