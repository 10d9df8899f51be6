"""Which files, of which format; a byte range to raw records to documents."""
