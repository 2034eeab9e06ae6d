"""Reader processes, in which strangers' bytes are read: what such a process may do."""
