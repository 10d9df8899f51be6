#!/bin/sh
# From a dump of MediaWiki to a tiny BERT that was trained on it, on a CPU.
#
#     examples/wikipedia_to_bert.sh enwiki-latest-pages-articles.xml.bz2 work
#
# The dump is read as it is: no WikiExtractor, no decompression. For a real model take more of
# everything: the default vocabulary of 30,522, longer rows, and a larger configuration.
# Needs what train_torch.py needs.
set -eu
dump=${1:?give the dump of a wiki}
work=${2:?give a folder to write to}
bertprep=${BERTPREP:-bertprep}
python=${PYTHON:-python}

$bertprep vocab "$dump" --vocab-size "${VOCAB_SIZE:-8000}" --unused-tokens 0 -o "$work/vocab"
$bertprep shard "$dump" --vocab "$work/vocab" -o "$work/shards" --holdout "${HOLDOUT:-0.02}" \
    --max-seq-length 128 --masking none
$bertprep inspect "$work/shards" --examples 2
$python "$(dirname "$0")/train_torch.py" "$work/shards" "$work/shards/holdout" --steps "${STEPS:-1000}"
