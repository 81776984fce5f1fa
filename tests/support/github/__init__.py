"""A GitHub on loopback over a real bare repository, answering by GitHub's own published schemas."""
