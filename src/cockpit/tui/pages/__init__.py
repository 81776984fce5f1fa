"""What do the detail tabs say? Pure functions from facts to lines."""
