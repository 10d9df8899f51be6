"""What every room uses: ragged arrays, keyed random draws, characters, drops."""
