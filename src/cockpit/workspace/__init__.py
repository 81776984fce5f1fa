"""The landing: finds the workspace, loads what is in it, and joins everything into Handoffs."""
