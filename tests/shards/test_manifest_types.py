"""A vocabulary comes back from its entry."""

from __future__ import annotations

import json

from bertprep.shards.manifest_parsing import parse_manifest
from bertprep.shards.manifest_types import VocabularyEntry
from bertprep.shards.manifest_writing import to_json
from bertprep.vocabulary.reading_settings import AddedToken, Settings
from tests.manifests import parsed, shards_json


def test_the_settings_of_a_vocabulary_are_read_back() -> None:
    settings = Settings(strip_accents=False, added=(AddedToken(5, special=True),), spelled=22)
    made = shards_json(vocabulary={"settings": settings.as_json()})
    found = parsed(made)
    assert found.vocabulary == VocabularyEntry("vocab.txt", 30522, False, "f0", settings)
    assert parse_manifest(to_json(found), "m") == found
    assert "settings" not in json.loads(to_json(parsed(shards_json())))["vocabulary"]
