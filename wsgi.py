"""The app for any WSGI server: ``gunicorn wsgi:app``."""

import sys

from orderboard import create_app
from orderboard.errors import ConfigurationError

_NO_USE_TRYING_AGAIN = 3
"""gunicorn starts a worker again that ends with any other number."""

try:
    app = create_app()
except ConfigurationError as error:
    print(f"orderboard: {error}", file=sys.stderr)  # noqa: T201
    sys.exit(_NO_USE_TRYING_AGAIN)
