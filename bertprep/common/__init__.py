"""Tools of every room: ragged arrays, keyed random draws, characters, drops."""
