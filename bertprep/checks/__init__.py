"""What makes a row of a shard right, and what was found wrong."""
