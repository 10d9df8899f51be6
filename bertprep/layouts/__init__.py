"""How rows are stored: one module a layout, and packing."""
