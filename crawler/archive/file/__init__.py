"""The SQLite file itself: opened, locked, its functions, and the bodies packed in it."""
