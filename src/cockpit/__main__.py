"""`python -m cockpit` is the console script."""

import sys

from cockpit.cli import main

sys.exit(main())
