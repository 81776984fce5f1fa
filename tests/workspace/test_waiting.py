"""A wait of the feed that cannot go on says so: nothing ends in silence."""

from __future__ import annotations

import threading

from cockpit.workspace import waiting, watched


def test_folders_that_cannot_be_looked_at_are_said(tmp_path, monkeypatch):
    def closed(root):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(watched, "folders", closed)
    said = []
    waiting.for_files(tmp_path, lambda: None, said.append, threading.Event())
    assert [problem.code for problem in said] == ["not-watching"]
