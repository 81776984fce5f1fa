"""The local target: services as processes of this machine, kept by one process agent a workspace."""
