"""``bertprep shard PREPARED --layout megatron``: a prepared corpus as Megatron-LM and NeMo read it.

They make pairs and masks themselves, of the sentences of each document, so that there are no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bertprep.common.digests import DigestingStream, digest_of
from bertprep.errors import InputError
from bertprep.examples.documents import Documents
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.megatron import MegatronWriter
from bertprep.shards.names import MANIFEST_NAME, PREPARED_INDEX, SENTENCES_BIN, SENTENCES_INDEX
from bertprep.shards.run_config import prepare_config
from bertprep.text.prepared_columns import prepared_schema
from pipelines.folders import files
from pipelines.folders.finished_folder import listed, listed_content
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.held_out import check_no_older, run_of_held_out
from pipelines.jobs.prepared_corpus import PreparedCorpus
from pipelines.jobs.run import RunOptions
from pipelines.messages.say import show_result

_STEM = SENTENCES_BIN.removesuffix(".bin")


def run_megatron(corpus: PreparedCorpus, run: RunOptions) -> None:
    """Writes the documents of a prepared corpus, and those held out of it to their own folder."""
    check_no_older(corpus.read, run)
    held_out = corpus.held_out()
    _run(corpus, run)
    if held_out:
        _run(held_out, run_of_held_out(run))


@unless_complete
def _run(corpus: PreparedCorpus, run: RunOptions) -> None:
    corpus.check_apart(run.output, run.work_dir)
    with run.workspace() as workspace:
        config = prepare_config(corpus.read, corpus.preparation)
        config |= {"vocabulary": corpus.vocabulary.digest, "write_drops": False}
        workspace.identify({**config, **corpus.identity()}, corpus.changed)
        workspace.check_space(0, 4 * corpus.tokens)
        path, vocabulary = files.join(workspace.work_dir, SENTENCES_BIN), corpus.vocabulary
        with files.create_whole(path) as stream:
            output = DigestingStream(stream)
            writer = MegatronWriter(output, len(vocabulary))
            for documents in _documents(corpus):
                writer.write(documents)
        index = writer.index()
        written = (
            listed(path, output.size, output.hexdigest()),
            listed_content(SENTENCES_INDEX, index),
        )
        contents = {
            SENTENCES_INDEX: index,
            vocabulary.file_name: vocabulary.file_bytes,
            MANIFEST_NAME: to_json(replace(corpus.manifest, prepared=written)),
        }
        workspace.commit([path], contents)
    stem = files.join(run.output, _STEM)
    show_result(
        f"documents    {corpus.documents:,}\n"
        f"sentences    {corpus.manifest.sentences:,}\n"
        f"output       {stem}.bin and .idx, {output.size + len(index):,} bytes; "
        f"Megatron-LM's --data-path {stem}"
    )


def _documents(corpus: PreparedCorpus) -> Iterator[Documents]:
    """The documents in the order of their keys, which is random."""
    from pipelines.graphs.prepared_files import PREPARED_STEM
    from pipelines.steps.spill import SpillFiles, read_index, spill_rows

    entry = next(file for file in corpus.manifest.prepared if file.name == PREPARED_INDEX)
    path = files.join(corpus.folder, PREPARED_INDEX)
    data = files.read_bytes(path)
    if digest_of(data) != entry.sha256:
        raise InputError(f"{path} is damaged: restore it from a copy, or prepare the inputs anew")
    schema = prepared_schema(len(corpus.vocabulary))
    indexes = list(read_index(data, corpus.folder, PREPARED_STEM))
    found = SpillFiles.of(corpus.folder, PREPARED_STEM, spill_rows(indexes))
    last = max(index.last for index in indexes)
    yield from map(Documents.from_rows, found.batches(0, last, schema))
