"""The page's templates, in the folder of that name.  All they are given is text, and escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from pipelines.inspect.markup import plain


def source(name: str) -> str:
    """A file of the templates' folder."""
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def template(name: str) -> Template:
    """A template; what it is not given is an error, not nothing."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
