"""Shards as a person is shown them: rows as text, figures, targets."""
