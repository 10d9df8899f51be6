"""The formats of a corpus, one module each; `registry` lists them."""
