"""Spills, checkpoints, reports and notes, which the steps of all graphs use."""
