"""What does the behaviour of a running service say about its contract? Pure: answers in, findings out."""
