"""Checks of the rows of a shard."""
