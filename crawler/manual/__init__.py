"""The codebook: what the figures mean, written out of the code."""
