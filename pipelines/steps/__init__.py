"""What the steps of the graphs share: spills, checkpoints, reports, notes."""
