"""What would a service that keeps this contract answer? From golden examples; pure, no HTTP server here."""

from cockpit.contracts.mock.mock import Mock
from cockpit.contracts.mock.reply import Asked, Reply

__all__ = ["Asked", "Mock", "Reply"]
