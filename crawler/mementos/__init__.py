"""What web archives hold of portals: whom to ask, their indexes, their captures, and the walk over these."""
