"""Beam's in-process runner, with worker processes of ours."""

from __future__ import annotations

from typing import Any

from apache_beam.options.pipeline_options import DirectOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipelines.runner import worker_processes


def local_runner(options: Any, workers: int) -> Any:
    """Beam's in-process runner; "DirectRunner" would first try to download a binary of another."""
    worker_processes.register()
    direct = options.view_as(DirectOptions)
    direct.direct_num_workers = workers
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    in_processes = workers > 1 and direct.direct_running_mode == "in_memory"
    environment = SubprocessSDKEnvironment("pipelines.runner.worker_main") if in_processes else None
    return fn_runner.FnApiRunner(environment, provision_info=fn_runner.ExtendedProvisionInfo(info))
