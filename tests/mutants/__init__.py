"""Small faults put into single modules, and whether the tests of the room notice."""
