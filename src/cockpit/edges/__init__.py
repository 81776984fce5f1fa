"""The doors to the outside: clock, git, http, processes, files and the store."""
