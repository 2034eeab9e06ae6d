"""A release of the corpus: a flat folder of tables and papers that a repository takes as it is."""
