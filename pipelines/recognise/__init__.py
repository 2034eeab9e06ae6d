"""Second stage: what a page is."""
