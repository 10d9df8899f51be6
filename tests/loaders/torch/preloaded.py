"""The last of what a fork server of the tests imports: all that came before stays as it is.

Its forks share these hundreds of thousands of objects with it.  A collection, as trainers ask for
at the end of each run, would look at all of them in each fork, and copy the memory they are in.
"""

from __future__ import annotations

import gc

gc.collect()
gc.freeze()
