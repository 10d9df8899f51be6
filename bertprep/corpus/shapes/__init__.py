"""Shapes of text that is not prose: tables, mark-up, columns, time stamps, code, numbers."""
