"""How the files of a finished folder are called, and which formats of them are read."""

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1
# Who ran what and when: what the manifest does not tell, so that manifests compare.
RUN_NAME = "run.json"
# Of the files of a prepared corpus; the first, without a number, knew a document by its place.
PREPARED_FORMAT = 2
PREPARED_INDEX = "prepared-index.arrow"
# Of its documents as Megatron-LM reads them.
SENTENCES_BIN, SENTENCES_INDEX = "sentences.bin", "sentences.idx"
# Where the shards are, below the folder of the manifest: alone, as most readers of a folder take
# whatever it holds for rows.
ROWS_FOLDER = "rows"
# Where the files are that say which documents the rows of each shard come from.
ORIGINS_FOLDER = "origins"
# What the files there begin with that say where in the inputs the documents are, and their like in
# a prepared corpus.
PLACES_STEM, PREPARED_PLACES_STEM = "documents", "prepared-documents"
# Where held-out documents are, a finished folder of its own below that of the others.
HOLDOUT_FOLDER = "holdout"
# Where the texts of a cleaned corpus are, alone as the shards are.
TEXT_FOLDER = "text"
EXPECTED_FOLDER = "expected the --output of a finished bertprep run"
