"""Small vocabularies."""

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éÉß\u0301か"
PIECES = (
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~。，世界€",
    *("hello", "Hello", "wor", "##ld", "mask", "MASK", "un", "##used", "##affable"),
)
