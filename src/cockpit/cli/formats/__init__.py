"""In which formats do programs read what `check` found? Pure: results in, text out."""
