"""Messages of a run to its user."""
