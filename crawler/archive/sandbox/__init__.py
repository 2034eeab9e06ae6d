"""Queries that strangers wrote, each answered by a process of limited time and memory that may be lost."""
