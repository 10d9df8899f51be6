"""The jobs, from options to a finished folder."""
