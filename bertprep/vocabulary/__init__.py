"""Vocabularies: their tokens, the kinds of these, the files they are stored as."""
