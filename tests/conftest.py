"""What holds for every test: generated examples have no deadline, because a busy machine is no defect."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("cockpit", deadline=None)
settings.load_profile("cockpit")
