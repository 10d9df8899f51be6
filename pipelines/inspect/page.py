"""A folder of shards as one page of HTML that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from pipelines.inspect.overview import Overview
from pipelines.inspect.page_corpus import (
    documents_view,
    drops_view,
    origin_view,
    usage_view,
    warnings_view,
)
from pipelines.inspect.page_examples import examples_view
from pipelines.inspect.page_figures import glance, lead, lengths_view, targets_view
from pipelines.inspect.page_text import (
    languages_view,
    repeats_view,
    scripts_view,
    sentences_view,
    unknown_view,
)
from pipelines.inspect.page_vocabulary import vocabulary_view
from pipelines.inspect.render import source, template

# What the page's navigation leads to.
_SECTIONS = (
    ("examples", "Examples"),
    ("targets", "On target?"),
    ("lengths", "Lengths"),
    ("vocabulary", "Vocabulary"),
    ("unknown", "Unknown words"),
    ("sentences", "Sentences"),
    ("languages", "Languages"),
    ("scripts", "Scripts"),
    ("repeated", "Repeated"),
    ("warnings", "Warnings"),
    ("usage", "Use of the text"),
    ("documents", "Documents"),
    ("left-out", "Left out"),
    ("origin", "Made of"),
)


def render_page(overview: Overview) -> str:
    """The page; the same bytes for the same shards."""
    style, script = source("page.css"), source("page.js")
    return template("page.html").render(
        sections=_SECTIONS,
        name=overview.title or overview.name,
        version=overview.manifest.versions["bertprep"],
        policy=_policy(style, script),
        style=Markup(style),
        script=Markup(script),
        lead=lead(overview),
        glance=glance(overview),
        examples=examples_view(overview),
        targets=targets_view(overview),
        lengths=lengths_view(overview),
        vocabulary=vocabulary_view(overview),
        unknown=unknown_view(overview),
        sentences=sentences_view(overview),
        languages=languages_view(overview),
        scripts=scripts_view(overview),
        repeats=repeats_view(overview),
        warnings=warnings_view(overview),
        usage=usage_view(overview),
        documents=documents_view(overview),
        drops=drops_view(overview),
        origin=origin_view(overview),
    )


def _policy(style: str, script: str) -> str:
    """Lets the page have its own style and script and nothing else, whatever text is on it."""
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
