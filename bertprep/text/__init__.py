"""Documents to sentences, words and token ids."""
