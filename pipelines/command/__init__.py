"""The command line: options, Beam's options, the process."""
