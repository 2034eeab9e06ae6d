"""Datasette: the SQL functions, and later the pages, over an archive."""
