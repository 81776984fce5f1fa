"""Deploy targets: where services run, which release of them, and since when."""
