"""Running a graph: the only code that touches Beam's insides."""
