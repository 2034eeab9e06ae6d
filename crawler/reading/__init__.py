"""Strangers' bytes are read in processes of their own: a page can cost its row, never the run."""
