"""The SQLite archive. Knows items and nothing above them."""
