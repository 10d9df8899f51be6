"""Cleaning: rules that drop or mend a document, and which texts are copies."""
