"""A folder of shards as one page of HTML that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from string import Template

from pipelines.inspect.markup import escape, join
from pipelines.inspect.overview import Overview
from pipelines.inspect.page_corpus import (
    documents_section,
    drops_section,
    origin_section,
    warnings_section,
)
from pipelines.inspect.page_examples import examples_section
from pipelines.inspect.page_figures import glance, lead, lengths_section, targets_section
from pipelines.inspect.page_vocabulary import vocabulary_section


def render_page(overview: Overview) -> str:
    """The page; the same bytes for the same shards."""
    style, script = _part("page.css"), _part("page.js")
    version = overview.manifest["versions"]["bertprep"]
    sections = (
        glance(overview),
        examples_section(overview),
        targets_section(overview),
        lengths_section(overview),
        vocabulary_section(overview),
        warnings_section(overview),
        documents_section(overview),
        drops_section(overview),
        origin_section(overview),
    )
    return Template(_part("page.html")).substitute(
        title=escape(f"{overview.name}: bertprep report"),
        name=escape(overview.name),
        lead=lead(overview),
        sections=join(*sections),
        footer=escape(f"Shards written by bertprep {version}. This page needs no network."),
        generator=escape(f"bertprep {version}"),
        policy=_policy(style, script),
        style=style,
        script=script,
    )


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Lets the page have its own style and script and nothing else, whatever text is on it."""
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
