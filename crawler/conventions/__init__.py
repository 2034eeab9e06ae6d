"""Publishing systems, one file each, and the registry of their rules."""
