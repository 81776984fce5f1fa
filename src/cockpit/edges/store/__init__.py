"""Where does cockpit remember? One SQLite database in `.cockpit/`, shared by every process of a workspace.

Rooms keep their own SQL; this is the only place that opens the database and changes its schema.
"""

from sqlite3 import Connection

from cockpit.edges.store._database import Store

__all__ = ["Connection", "Store"]
