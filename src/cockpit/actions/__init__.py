"""The workshop: every change goes plan → confirm → run → journal."""
