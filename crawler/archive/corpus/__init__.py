"""Many archives as one corpus, without merging them: their tables as Parquet, questions over all, a search index."""
