"""What the map says: divisions as they stood in a year, their names in a text, townships; from `data/divisions`."""
