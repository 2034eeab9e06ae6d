"""Many archives into one, exactly: what was observed by natural keys, what follows from it in the order of time."""
