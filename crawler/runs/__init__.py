"""One run: its options, the policy of rechecks, health, progress, log and feed."""
