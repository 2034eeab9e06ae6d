"""What was measured of figures, against reports that were read by hand."""
