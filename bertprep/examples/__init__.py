"""Pairs of sentences, rows of [CLS] A [SEP] B [SEP], length bins, masks."""
