"""The options of the commands, those that several share in groups."""
