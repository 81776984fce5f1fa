"""What does a GitHub server say of a repository's pull requests?

`of_remote` finds the server, `token_for` what opens it, `read` asks it.
"""

from cockpit.stacks.github.host import OVERRIDE, Host, of_remote
from cockpit.stacks.github.reading import FULL_S, read
from cockpit.stacks.github.token import token_for

__all__ = ["FULL_S", "OVERRIDE", "Host", "of_remote", "read", "token_for"]
