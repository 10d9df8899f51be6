"""What a person is shown of shards: rows as text, figures, targets."""
