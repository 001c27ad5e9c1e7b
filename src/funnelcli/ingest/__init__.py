"""Files to checked tables: found, sniffed, matched to our columns, read cell by cell."""
