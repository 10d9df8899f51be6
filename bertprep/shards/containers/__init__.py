"""Containers: one module each."""
