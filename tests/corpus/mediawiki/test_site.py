"""The namespaces of a dump."""

from __future__ import annotations

from bertprep.corpus.mediawiki.site import Site

HEADER = """<siteinfo><namespaces>
<namespace key="-2" case="first-letter">Medium</namespace>
<namespace key="1" case="first-letter">Diskussion &amp; mehr</namespace>
<namespace key="6" case="first-letter">Datei</namespace>
<namespace key="14" case="first-letter">Kategorie</namespace>
</namespaces></siteinfo>"""


def test_names_of_a_wiki_are_beside_those_that_every_wiki_knows() -> None:
    site, usual = Site.of_header(HEADER.encode()), Site.of_header(b"")
    assert {"file", "image", "media", "category"} <= usual.hidden
    assert site.hidden == usual.hidden | {"medium", "datei", "kategorie"}
    assert site.spaces == site.hidden | {"diskussion & mehr"}
