"""What does a service's code say of its API? Asked of its FastAPI app, in the service's own environment."""

from cockpit.services.extraction.answers import Extracted, ExtractionError, ReplayAnswer, ReplayRequest
from cockpit.services.extraction.extract import EXTRACTOR_VERSION, extract
from cockpit.services.extraction.replay import replay

__all__ = [
    "EXTRACTOR_VERSION",
    "Extracted",
    "ExtractionError",
    "ReplayAnswer",
    "ReplayRequest",
    "extract",
    "replay",
]
