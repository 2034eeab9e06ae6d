"""The same blocks written in every format that portals serve: what a test reads back must be what was written."""
