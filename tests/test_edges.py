# ruff: noqa: E501
"""What a user sees at the edges: docs/edges.md is this table, its tests exist, and its words are said."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "edges.md"


class Edge(NamedTuple):
    """Something that goes wrong, or nearly.

    Attributes:
        input: what a user gives or does.
        seen: what happens then.
        words: a piece of what is said, as the code has it; "" where nothing is to be said.
        tests: that hold it, each a file below tests/ and a function.
    """

    input: str
    seen: str
    words: str
    tests: tuple[str, ...]


_OUTCOME = "report/test_warnings.py::"
_STRETCHES = "text/test_without_stops.py::"
_CONFIGURATION = "vocabulary/test_configuration.py::"
_FOLDERS = "beam/test_vocabulary_folders.py::"
_RESUME = "beam/test_resume.py::"
_LIMITS = "beam/test_limits.py::"
_PROCESS = "beam/test_process.py::"
_FIND = "beam/test_inputs.py::"

EDGES: dict[str, list[Edge]] = {
    "A document is known by its text": [
        Edge("The same documents in other files, names, formats, in another order, compressed or not",
             "the same bytes", "",
             ("beam/test_identity.py::test_shards_are_the_same_however_their_documents_are_stored",
              "beam/test_identity.py::test_renaming_or_compressing_a_file_changes_no_row",
              "beam/test_identity.py::test_shards_are_the_same_bytes_in_whatever_format_documents_are",
              "beam/test_identity.py::test_vocabularies_are_the_same_however_their_documents_are_stored")),
        Edge("Other line ends, white space or a mark around a text", "the same document", "",
             ("corpus/test_identity.py::test_what_is_around_a_text_and_how_lines_end_are_no_part_of_it",)),
        Edge("Equal documents", "counted exactly and told; stored once a split",
             "of them equal to another (one text is there",
             ("beam/test_identity.py::test_equal_documents_are_told_and_each_gives_rows_of_its_own",)),
        Edge("A random B for a document that is there twice", "is never of its copy", "",
             ("beam/test_identity.py::test_a_random_b_is_never_of_an_equal_document",)),
        Edge("Documents that are all equal", "an error before rows are made", "no other",
             ("beam/test_identity.py::test_documents_that_are_all_equal_have_no_random_sentences",)),
        Edge("Lines repeated in many documents", "counted in bounded memory, and told", "",
             ("beam/test_recognised_inputs.py::test_repeated_lines_are_said_whatever_the_workers",
              "corpus/test_repeats.py::test_only_what_many_documents_have_is_said")),
    ],
    "Text must not get lost": [
        Edge("A stretch without a sentence end, in any script", "is cut at clauses, blanks, words", "",
             (_STRETCHES + "test_every_script_gets_into_rows", _STRETCHES + "test_clause_marks_win_over_spaces",
              _STRETCHES + "test_a_character_is_never_cut_in_two")),
        Edge("Thai without stops or blanks", "is cut between words", "",
             (_STRETCHES + "test_thai_is_cut_between_words",)),
        Edge("Lao, Khmer, Burmese", "are cut between syllables, no cluster in two", "",
             (_STRETCHES + "test_no_cluster_is_cut_in_lao_khmer_and_burmese",)),
        Edge("English in lower case", "is segmented without asking for capitals", "",
             (_STRETCHES + "test_text_in_lower_case_needs_no_capitals",)),
        Edge("No space after stops", "stops end sentences all the same where that is frequent", "",
             (_STRETCHES + "test_stops_without_a_space_after_them_end_sentences_where_they_do_so_often",)),
        Edge("Text that rows do not use", "a warning with its share and why", "of the tokens are in no row of",
             (_OUTCOME + "test_planted_faults_are_told_at_this_length",)),
        Edge("Pairs that are nearly all random", "a warning with what to do", "of the pairs are random, not about half",
             (_OUTCOME + "test_planted_faults_are_told_at_this_length",
              "messages/test_summary.py::test_pairs_that_are_all_random_are_a_warning")),
        Edge("Documents of one sentence", "a warning", "of the documents are one sentence, which has no next one",
             (_OUTCOME + "test_documents_of_one_sentence_are_told",)),
        Edge("Whole documents on a line with `--sentences lines`", "a warning", "lines hold more than one sentence",
             (_OUTCOME + "test_whole_documents_on_a_line_are_told",)),
        Edge("Sentences longer than half a row", "a warning", "of the sentences are longer than half a row of",
             (_OUTCOME + "test_sentences_too_long_for_rows_are_told",)),
        Edge("Tokens that do not fit their rows", "a warning with what makes sentences long", "of the tokens a pass are cut off at ",
             (_OUTCOME + "test_planted_faults_are_told_at_this_length",)),
        Edge("What each pass uses of the tokens", "stands in the summary, the manifest and the report, with the reasons why the rest is not used", "",
             ("examples/test_coverage.py::test_every_token_of_every_pass_is_used_or_lost_for_a_reason",
              "messages/test_summary.py::test_the_summary_of_shards")),
        Edge("A word a line", "a warning", "each line holds a word, not a sentence",
             (_OUTCOME + "test_a_word_a_line_is_told",)),
        Edge("Hard-wrapped lines", "a warning; its remedy helps", "the text is hard-wrapped, and each line was taken for a sentence",
             (_OUTCOME + "test_hard_wrapped_lines_are_told_and_the_remedy_helps",)),
        Edge("Words that the vocabulary has not", "a warning with the words", "of the tokens are [UNK]: the vocabulary does not fit this text",
             (_OUTCOME + "test_unknown_words_are_told_with_those_behind_them",)),
        Edge("Words spelled letter by letter", "a warning", "the vocabulary has few of the text's words and spells them",
             (_OUTCOME + "test_words_spelled_letter_by_letter_are_told",)),
        Edge("Rows with nothing to predict", "are left out, counted, and told above a share", "of the rows were left out",
             (_OUTCOME + "test_rows_with_nothing_to_predict_are_told",)),
        Edge("Ordinary text, and fifty odd corpora", "no warning; one odd corpus at most", "",
             (_OUTCOME + "test_ordinary_prose_is_not_warned_of", _OUTCOME + "test_at_most_one_odd_corpus_is_warned_of")),
        Edge("`--sentences wrapped` on a book", "its paragraphs are no documents", "",
             ("text/test_segment.py::test_only_blank_lines_do_in_wrapped_mode",)),
        Edge("`--strict`", "each warning ends the run, exit code 1, nothing written", "",
             ("beam/test_run.py::test_warnings_are_errors_where_a_run_is_strict",
              "beam/test_cli_errors.py::test_a_vocabulary_is_not_written_where_a_run_is_strict")),
        Edge("`--sentences lines` and other characters that some call line breaks", "only line feeds end lines", "",
             ("beam/test_recognised_inputs.py::test_lines_end_at_line_feeds_alone",)),
    ],
    "Files and folders": [
        Edge("What is no prose", "is refused or warned of: see [what files are taken for](kinds.md)", "",
             ("corpus/test_kinds.py::test_what_is_no_prose_is_refused_by_its_content",
              "corpus/test_kinds.py::test_odd_prose_is_read_with_a_warning")),
        Edge("A file reached by two paths", "is read once, and that is said", "reached by another path as well, read once",
             (_FIND + "test_a_file_that_links_lead_to_is_read_once_and_that_is_said",)),
        Edge("A folder with files of several kinds", "all that cannot be read are named, and the options that leave them out", "are not read: ",
             (_FIND + "test_all_that_cannot_be_read_is_named_at_once_and_can_be_left_out",)),
        Edge("README, LICENSE, lists of URLs, a tokenizer, dot files beside a corpus", "are left out, and named", "(name such a file itself to read it)",
             (_FIND + "test_what_lies_beside_a_corpus_is_left_out_and_said",
              "folders/test_selection.py::test_a_tokenizer_beside_one_file_of_text_is_no_corpus",
              "folders/test_selection.py::test_what_begins_with_a_dot_is_left_out_by_name")),
        Edge("A few odd files among a hundred or more of their name", "are read as the others, and named", "look like no prose or odd prose, and are read as",
             ("folders/test_selection.py::test_one_odd_file_among_many_of_its_name_is_read_as_they_are",)),
        Edge("Thousands of files", "are looked at by forks; what is found, refused and warned of is the same", "",
             ("folders/test_forked_work.py::test_forks_give_what_one_process_gives",)),
        Edge("A file that changes while it is read", "an error", "changed while it was read",
             (_FIND + "test_a_run_whose_input_changes_fails_and_leaves_nothing",)),
        Edge("A compressed file that ends early or is damaged", "an error with the place, or what comes before with `--bad-input drop`", "",
             ("corpus/test_read.py::test_a_truncated_gzip_file_fails_or_gives_what_is_there",
              "corpus/test_read.py::test_a_gzip_file_damaged_inside_fails_or_gives_what_comes_before")),
        Edge("Pieces of `split -b`, taken with `--bad-input drop`", "a warning: documents that files cut in two are left out", "left out, as the beginning or the end is not in the same file",
             (_OUTCOME + "test_documents_that_files_cut_in_two_are_told",)),
        Edge("`--documents file` over files that hold many texts", "is told, with what parts the files and the option for that", "file says, though ",
             ("folders/test_whole_files.py::*",)),
        Edge("A mark or rule that parts no file into documents", "a warning", " parted none of ",
             (_OUTCOME + "test_a_separator_that_parts_no_file_is_told",)),
        Edge("An option by which no file is read", "a warning", " has no effect: no INPUT is ",
             ("messages/test_option_warnings.py::test_options_that_no_file_is_read_by_are_a_warning",)),
        Edge("A file in several inputs of a mixture, or an input taken very often", "are told", " times, as it is ",
             (_FIND + "test_a_file_in_several_inputs_of_a_mixture_is_told",
              _OUTCOME + "test_an_input_of_a_mixture_that_is_taken_often_is_told")),
        Edge("The advice of a refusal or warning", "works: its commands and options are run by tests", "",
             ("corpus/test_advice.py::test_a_command_that_a_warning_names_ends_it",
              "corpus/test_advice.py::test_options_that_are_advised_exist",
              "corpus/test_advice.py::test_the_separator_that_a_warning_names_parts_the_documents")),
        Edge("Marks, tags, entities and mojibake within the text", "are counted while it is read, and told", "stands in the text",
             ("corpus/test_oddities.py::test_what_is_odd_is_said",)),
        Edge("WikiExtractor's escapes", "are undone", "",
             ("corpus/formats/test_wikiextractor.py::test_the_escapes_of_wikiextractor_are_undone",)),
    ],
    "The vocabulary folder is honoured, or refused": [
        Edge("`tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`, `tokenizer.json`", "ids equal to AutoTokenizer's for any of their settings", "",
             (_CONFIGURATION + "test_ids_are_those_of_transformers",)),
        Edge("Tokens named in several of these files at once; `vocab.txt` or `tokenizer.json` given as a file, or alone", "the configuration beside it is used: ids equal to AutoTokenizer's of the folder", "",
             ("folders/test_vocabulary.py::test_ids_are_those_of_transformers_wherever_its_tokens_stand",)),
        Edge("Tokenizers of other kinds than BERT's", "ids equal to AutoTokenizer's whatever the parts of tokenizer.json", "",
             ("vocabulary/test_whole_tokenizer.py::test_the_ids_are_those_of_transformers_whatever_the_parts",)),
        Edge("[SEP], [MASK] and their like spelled in a text", "are text: no sentence ends there, nothing is masked there", "",
             ("vocabulary/test_special_tokens.py::test_what_has_a_role_is_text_where_it_stands_in_text",)),
        Edge("A setting that is not supported", "an error that names it", "",
             (_CONFIGURATION + "test_what_is_not_supported_is_refused_in_a_line_that_names_it",)),
        Edge("Files that contradict each other", "are read as transformers reads them, and that is told", ", but transformers ",
             (_CONFIGURATION + "test_a_contradiction_is_settled_as_transformers_settles_it_and_told",)),
        Edge("Configuration of any JSON shape", "is read, or refused in a line", "; expected true or false",
             ("vocabulary/test_tokenizer_folder.py::test_files_of_any_shape_are_read_or_refused_in_a_line",)),
        Edge("Added special tokens", "are whole in text, never masked nor drawn", "",
             ("text/test_added_tokens.py::test_added_tokens_are_whole_wherever_a_text_is_cut_into_parts",
              "vocabulary/test_special_tokens.py::test_special_added_tokens_are_never_masked_nor_drawn",
              _FOLDERS + "test_added_tokens_are_whole_and_never_predicted")),
        Edge("A few words with capitals over [unusedN] lines", "do not make an uncased vocabulary cased", "no token has a capital or an accent, but for ",
             ("vocabulary/test_casing.py::test_a_few_words_over_unused_tokens_do_not_make_a_vocabulary_cased",)),
        Edge("Tokens that speak for cased and for uncased", "an error that names the options", "uncased vocabulary and too few for a cased one",
             ("vocabulary/test_casing.py::test_tokens_of_both_kinds_are_an_error_that_names_the_options",)),
        Edge("A text that contradicts what was taken for the casing", "an error with both figures", "of the tokens of a sample of the text are ",
             (_FOLDERS + "test_a_casing_that_the_text_contradicts_is_an_error",)),
        Edge("A casing chosen for the user", "stands in the first lines with its evidence", "no token has a capital or an accent",
             ("vocabulary/test_casing.py::test_what_tokens_show",)),
        Edge("Characters that `--limit-alphabet` leaves out", "are told with the share of words", " left out (",
             (_FOLDERS + "test_what_the_alphabet_leaves_out_is_said",
              "learning/test_alphabet.py::test_auto_keeps_the_script_that_a_fixed_limit_loses")),
        Edge("Uncased on scripts whose marks carry meaning", "a warning that names `--cased` and `--keep-accents`", "keeps them",
             ("vocabulary/test_lost_marks.py::test_the_warning_shows_what_is_lost",
              _FOLDERS + "test_kept_accents_go_with_the_vocabulary")),
        Edge("A vocabulary of another script", "a warning", "",
             ("beam/test_casing_check.py::test_a_vocabulary_of_another_script",)),
    ],
    "Safe to the end": [
        Edge("A run that fails removes its folder while another waits for it", "the other works", "",
             ("folders/test_lock.py::test_a_run_that_fails_takes_away_the_folder_another_waits_for",
              "folders/test_lock.py::test_the_lock_is_of_the_folder_that_is_there")),
        Edge("Two runs to one folder", "the second is refused in a line", "another run",
             (_RESUME + "test_two_runs_cannot_write_to_one_folder",)),
        Edge("`--resume` with other options or changed inputs", "refused with what differs", "",
             (_RESUME + "test_another_run_is_refused_with_what_differs", _RESUME + "test_changed_inputs_are_refused")),
        Edge("`--resume` where a shard of a finished run is lost", "is no complete run", "",
             (_RESUME + "test_a_finished_run_with_a_shard_lost_is_not_complete",)),
        Edge("Work files that somebody else put there", "run no code and lead nowhere", "",
             (_RESUME + "test_what_somebody_else_left_runs_no_code", _RESUME + "test_what_somebody_else_left_leads_nowhere",
              _RESUME + "test_moves_of_somebody_else_lead_nowhere")),
        Edge("A flipped bit in the work files, then `--resume`", "the step is done again; the same bytes", "",
             (_RESUME + "test_any_flipped_bit_has_a_step_done_again", _RESUME + "test_a_flipped_bit_costs_time_alone")),
        Edge("A power cut", "costs time alone", "",
             (_RESUME + "test_a_power_cut_costs_time_alone",)),
        Edge("The disk estimate", "is within a part of what a run takes, where it takes it", "",
             ("beam/test_disk_estimate.py::test_of_each_container_and_of_short_documents",
              "beam/test_disk_estimate.py::test_what_is_written_lies_in_the_work_folder_until_it_is_moved")),
        Edge("A document that is too long for the memory", "is refused in a line", "holds a document of over ",
             (_LIMITS + "test_a_document_too_long_for_the_memory", _LIMITS + "test_a_document_as_long_as_may_be")),
        Edge("A line of fifty megabytes, megabytes of white space", "take a few times their size", "",
             ("corpus/test_read.py::test_a_line_of_fifty_megabytes_and_empty_documents_work",
              "corpus/test_records.py::test_megabytes_of_white_space_are_no_record",
              "corpus/test_records.py::test_a_line_of_twenty_megabytes_takes_a_few_times_its_size")),
        Edge("Killed between commit and clean-up, or `--resume` of a finished run", "complete, exit code 0", " is complete: a run of the same inputs and options wrote it",
             (_RESUME + "test_a_run_killed_before_it_has_cleaned_up_is_complete",
              _RESUME + "test_a_finished_run_is_complete_if_nothing_changed")),
        Edge("One document, with pairs of random next sentences", "told before the corpus is read through", "the inputs hold one document only, ",
             ("beam/test_prepare.py::test_one_document_is_enough_to_prepare_but_not_for_pairs",
              "folders/test_enough_documents.py::*")),
        Edge("SIGHUP", "as SIGTERM; `nohup` is heeded", "",
             (_PROCESS + "test_the_end_of_a_terminal_is_told_as_any_other", _PROCESS + "test_nohup_is_heeded")),
        Edge("Temporary folders of Beam's", "none is left, even by a killed run", "",
             (_PROCESS + "test_nothing_is_left_outside_of_the_work_folder",)),
        Edge("A run note of any JSON shape", "is none, or one line", "",
             (_RESUME + "test_a_note_of_any_shape_is_none",)),
        Edge("`ulimit -v`, too few file handles", "one line with the limit and what a run needs", " MiB of address space here, and a run needs ",
             (_LIMITS + "test_limits_are_told_in_one_line",)),
        Edge("No loopback", "one line", "", (_LIMITS + "test_no_loopback",)),
        Edge("A FIFO in the place of a shard", "`verify` and `inspect` do not wait for it", "not a regular file",
             (_PROCESS + "test_a_pipe_in_place_of_a_file_keeps_nobody_waiting",)),
        Edge("Names in a manifest that lead out of its folder", "are refused", "expected the name of a file in the folder",
             (_PROCESS + "test_no_reader_follows_a_name_out_of_the_folder",)),
        Edge("A full standard output after the commit", "no failed run", "the output is complete, but its summary cannot be printed",
             (_PROCESS + "test_a_run_that_nobody_hears_of_is_no_failure",)),
        Edge("A full disk", "one line that names the file", "cannot be written",
             ("beam/test_cli_errors.py::test_a_disk_that_is_full",)),
    ],
}  # fmt: skip
ROWS = [edge for edges in EDGES.values() for edge in edges]


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def strings() -> str:
    """All that the code may say."""
    found = []
    for folder in ("bertprep", "pipelines"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [node.value for node in ast.walk(tree)
                      if isinstance(node, ast.Constant) and isinstance(node.value, str)]  # fmt: skip
    return "\0".join(found)


@pytest.mark.slow  # reads all of our code
def test_what_a_row_names_is_there() -> None:
    missing = []
    for edge in ROWS:
        for named in edge.tests:
            path, _, function = named.partition("::")
            functions = functions_of(ROOT / "tests" / path)
            if function not in functions and not (function == "*" and functions):
                missing.append(named)
        if edge.words not in strings():
            missing.append(edge.words)
    assert missing == []


def edges_page() -> str:
    """docs/edges.md."""
    parts = [
        "# At the edges",
        "",
        "Inside, everything is exact; at the edges somebody has to guess, and inputs, disks and machines are not "
        "as they should be.",
        "What happens then, what a user reads (a piece of the message), and the test that holds it; kinds of files "
        "have [a page of their own](kinds.md).",
        "`python -m tests.test_edges` writes this page; a test compares it, and looks for the tests and words it names.",
        "",
    ]
    for title, edges in EDGES.items():
        parts += [
            f"## {title}",
            "",
            "| what | what happens | what is said | tests |",
            "| --- | --- | --- | --- |",
        ]
        for edge in edges:
            said = f"… {edge.words.strip()} …" if edge.words else ""
            tests = "<br>".join(f"`{test}`" for test in edge.tests)
            parts.append(f"| {edge.input} | {edge.seen} | {said} | {tests} |")
        parts.append("")
    return "\n".join(parts)


def test_the_page_of_edges_is_this_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == edges_page()


if __name__ == "__main__":
    PAGE.write_text(edges_page(), encoding="utf-8")
