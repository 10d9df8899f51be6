from __future__ import annotations

import sys
from typing import Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.options.pipeline_options import DebugOptions, PipelineOptions, StandardOptions
from apache_beam.transforms import userstate
from apache_beam.utils import interactive_utils

from pipelines.runner.beam_caches import remembered

STATE = userstate.BagStateSpec("seen", StrUtf8Coder())
SEEN = beam.DoFn.StateParam(STATE)
FLAGS = ["--runner", "DirectRunner", "--sdk_worker_parallelism", "3"]


class Stateless(beam.DoFn):
    def process(self, element: str) -> list[str]:
        return [element]


class Stateful(beam.DoFn):
    def process(self, element: str, seen: Any = SEEN) -> list[str]:
        return [element]


def test_a_dofn_of_the_same_class_is_looked_through_once() -> None:
    with remembered():
        for made in (Stateless, Stateful, Stateless, Stateful):
            states, timers = userstate.get_dofn_specs(made())
            assert (states, timers) == ({STATE} if made is Stateful else set(), set())
        assert userstate.get_dofn_specs(Stateful()) is userstate.get_dofn_specs(Stateful())


def test_methods_of_one_dofn_alone_are_seen() -> None:
    with remembered():
        userstate.get_dofn_specs(Stateless())
        taught = Stateless()
        taught.process = Stateful().process  # type: ignore[method-assign]
        assert userstate.get_dofn_specs(taught)[0] == {STATE}


def test_options_are_what_the_flags_say_and_views_share_what_is_set() -> None:
    with remembered():
        for _ in range(2):
            options = PipelineOptions(FLAGS)
            assert options.view_as(StandardOptions).runner == "DirectRunner"
            options.view_as(StandardOptions).runner = "Other"
            assert options.view_as(StandardOptions).runner == "Other"
            assert options.get_all_options()["runner"] == "Other"
        assert PipelineOptions([]).view_as(StandardOptions).runner is None


def test_lists_of_one_run_are_not_those_of_another() -> None:
    with remembered():
        options = PipelineOptions(["--experiments", "one"])
        options.view_as(DebugOptions).add_experiment("two")
        again = PipelineOptions(["--experiments", "one"]).view_as(DebugOptions)
        assert again.experiments == ["one"]
        assert options.view_as(DebugOptions).experiments == ["one", "two"]


def test_beam_is_as_it_was_behind_it() -> None:
    before = userstate.get_dofn_specs, PipelineOptions.view_as
    with remembered():
        assert userstate.get_dofn_specs is not before[0]
    assert (userstate.get_dofn_specs, PipelineOptions.view_as) == before


def test_beam_imports_no_notebook_to_know_that_it_is_in_none(monkeypatch: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr(interactive_utils, "is_in_ipython", lambda: bool(asked.append("")) or True)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with remembered():
        assert not interactive_utils.is_in_ipython()
        assert asked == []
        monkeypatch.setitem(sys.modules, "IPython", None)
        assert interactive_utils.is_in_ipython()
    assert asked == [""]
