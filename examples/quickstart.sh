#!/bin/sh
# The main job from end to end on the prose of Python's own documentation: some 80 documents.
# Usage: sh examples/quickstart.sh FOLDER
set -eu
folder=$1
show() { printf '\n$ %s\n' "$*"; "$@"; }

rm -rf "$folder"
mkdir -p "$folder/text"
python - "$folder/text" <<'PYTHON'
import sys
from pathlib import Path
from pydoc_data.topics import topics

for name, text in topics.items():
    Path(sys.argv[1], f"{name}.txt").write_text(text, encoding="utf-8")
PYTHON

# The text is hard-wrapped, and each file is a document.
show bertprep vocab "$folder/text" --documents file --vocab-size 3000 --output "$folder/vocab"
show bertprep shard "$folder/text" --documents file --sentences wrapped \
    --vocab "$folder/vocab" --output "$folder/parquet"
show bertprep shard "$folder/text" --documents file --sentences wrapped \
    --vocab "$folder/vocab" --output "$folder/tfrecord" --output-format tfrecord
show bertprep inspect "$folder/parquet"
show bertprep inspect "$folder/parquet" --html "$folder/report.html"
