"""What the service knows: rules, planners, the order of steps. It knows the models, and nothing of HTTP."""
