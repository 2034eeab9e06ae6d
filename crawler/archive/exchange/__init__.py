"""The archive as files for other programs: tables as JSON Lines, CSV or Parquet, and as a Frictionless data package."""
