"""Learning a vocabulary: word counts, merges, longest match."""
