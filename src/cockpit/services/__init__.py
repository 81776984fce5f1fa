"""Services: catalogue, template, environments, tests. Each is an isolated uv project under services/."""
