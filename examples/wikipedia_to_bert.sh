#!/bin/sh
# From a dump of MediaWiki to a tiny BERT that was trained on it, on a CPU.
#
#     examples/wikipedia_to_bert.sh enwiki-latest-pages-articles.xml.bz2 work
#
# The dump is read as it is: no WikiExtractor, no decompression. For a real model take more of
# everything: the default vocabulary of 30,522, longer rows, and a larger configuration.
# Needs what train_torch.py needs.
#
# Of 106 articles (6 MB of XML, 0.8 million tokens), with VOCAB_SIZE=2000 HOLDOUT=0.04, a model has
# begun to learn after 1,000 steps, 8.5 minutes of processor time: a masked-LM loss of 6.05, where the
# entropy of single tokens is 6.08, and 62% of the pairs told right, of which 58% are of one kind.
# STEPS=4000 goes on.
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
