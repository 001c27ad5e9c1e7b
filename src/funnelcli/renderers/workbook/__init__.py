"""The parts of a workbook: looks, formulas, and a writer for each kind of sheet; `xlsx.py` puts them together."""
