"""Inputs, the work and output folder, and who owns them."""
