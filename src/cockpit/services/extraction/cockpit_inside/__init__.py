"""What runs inside a service's own environment: it needs the standard library and the service's FastAPI.

Cockpit starts it by path (see child.py); nothing of it is imported on cockpit's side.
"""
