"""Defaults and bounds that several option classes and rules ask for."""

MIN_SEQ_LENGTH = 8
MAX_SEQ_LENGTH = 8192
OFFICIAL_POSITIONS = 512
DEFAULT_SHORT_SEQ_PROB = 0.1
DEFAULT_SEED = 12345
