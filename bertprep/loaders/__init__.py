"""Shards back to batches: order, masking, padding, torch and TensorFlow."""
