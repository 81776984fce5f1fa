"""What does a GitHub server say of a repository's pull requests?

`of_remote` finds the server, `token_for` what opens it; `reading.read` asks it.
"""

from cockpit.stacks.github.host import OVERRIDE, Host, of_remote
from cockpit.stacks.github.token import Token, token_for

__all__ = ["OVERRIDE", "Host", "Token", "of_remote", "token_for"]
