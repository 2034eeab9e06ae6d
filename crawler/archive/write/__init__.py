"""Writes captures and what follows from them into the tables."""
