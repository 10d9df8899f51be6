"""The Beam graphs and the ``bertprep`` command: wires, options and progress around the library."""
