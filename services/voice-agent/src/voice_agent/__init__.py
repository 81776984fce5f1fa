"""The service of RPT-0003: Voice agent."""

import os

# Before anything imports numpy: numerical libraries read these once, and their threads fight over cores.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
