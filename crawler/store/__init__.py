"""Archives of many portals as objects that nobody overwrites: a folder, or a bucket of S3."""
