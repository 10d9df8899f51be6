"""What a vocabulary is: its tokens, their kinds, the files it is stored as."""
