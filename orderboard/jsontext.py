"""Data as compact JSON text."""

import json

dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""Data as JSON text on one line. One encoder for all: making one costs more than using it."""
