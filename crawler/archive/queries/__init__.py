"""Questions to an archive, by subject."""
