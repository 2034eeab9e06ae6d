"""The statistical forms: rows, columns, labels with their variants, units and sums."""
