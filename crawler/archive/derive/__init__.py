"""Derives rows again from captures, by stages that are handed in, and verifies what is there."""
