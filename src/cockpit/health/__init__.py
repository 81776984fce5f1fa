"""Is a deployed service well? Prober, schedule, state machine, history."""
