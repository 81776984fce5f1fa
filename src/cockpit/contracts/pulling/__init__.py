"""What does a contract say once it is taken from a service, with what people wrote kept? Pure."""

from cockpit.contracts.pulling.pull import Pulled, pull

__all__ = ["Pulled", "pull"]
