"""The terminal view and the page."""
