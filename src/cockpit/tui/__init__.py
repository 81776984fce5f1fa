"""The front room: the board on a terminal. It renders what the core says and never derives."""
