"""Third stage: the text of the article and nothing else."""
