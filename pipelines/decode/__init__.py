"""First stage: from bytes to text and one tree."""
