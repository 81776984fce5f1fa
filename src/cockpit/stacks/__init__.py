"""Stacks: which branches lie on which, how large they are, and which handoff they carry."""
