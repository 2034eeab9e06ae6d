"""Papers of a release of the corpus, with gaps for what is of one release."""
