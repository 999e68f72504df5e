"""`python -m epicerie_desktop.cli`, where the `epicerie` script is not at hand."""

import sys

from epicerie_desktop.cli import main

sys.exit(main())
