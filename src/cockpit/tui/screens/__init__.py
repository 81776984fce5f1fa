"""The screens of the board; each is imported when it is first shown."""
