"""The language of marks between stages: words with blocks, tables and places."""
