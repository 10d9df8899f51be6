"""The option classes, one module a group; ``bertprep.options`` shows them."""
