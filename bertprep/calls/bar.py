"""How far a run is, as a bar of tqdm: in a notebook one of its own, on a terminal a line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from bertprep.common.units import duration

_WHOLE = 100


class Bar:
    """One bar for all stages of a run; nothing where nobody could see it, or tqdm is missing."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted and (in_notebook() or _is_terminal())
        self._bar: Any = None
        self._shown: Any = None  # where it is in a notebook

    def show(self, state: Mapping[str, Any] | None) -> None:
        """Shows a state of ``pipelines.messages.stages``; None for nothing more of this stage."""
        if state is None or not self._wanted:
            return
        if self._bar is None:
            self._bar = _tqdm()
            if self._bar is None:
                self._wanted = False
                return
            self._shown = _displayed(self._bar)
        doing = f"stage {state['stage']} of {state['stages']}, {state['doing']}"
        self._bar.set_description(doing if state["stages"] > 1 else state["doing"], refresh=False)
        left = state["left"]
        self._bar.set_postfix_str("" if left is None else f"{duration(left)} left", refresh=False)
        self._bar.update(max(0, min(_WHOLE - 1, int(_WHOLE * state["share"])) - self._bar.n))
        self._bar.refresh()

    def close(self) -> None:
        """Takes it away."""
        if self._bar is not None:
            self._bar.close()
        if self._shown is not None:  # a notebook that is saved would keep it as it began
            self._shown.update({"text/plain": ""}, raw=True)


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _tqdm() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that widgets are missing: it then prints text
        try:
            if in_notebook():
                from tqdm.auto import tqdm
            else:
                from tqdm import tqdm
        except ImportError:
            return None
        form = "{desc}{percentage:3.0f}%|{bar}| {elapsed} so far{postfix}"
        has_widgets = any(kind.__module__ == "tqdm.notebook" for kind in tqdm.__mro__)
        own = {"display": False} if has_widgets else {}  # it is shown by _displayed
        return tqdm(total=_WHOLE, leave=False, disable=False, bar_format=form, **own)


def _displayed(bar: Any) -> Any:
    """The place in a notebook that shows a bar of widgets; None for a bar of text."""
    if not hasattr(bar, "container"):
        return None
    return import_module("IPython.display").display(bar.container, display_id=True)
