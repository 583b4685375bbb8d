"""What the programs share: what each is to listen to, and how it tells what it has heard.

A program ends with its standard input, however its parent ends.
"""

import json
import os
import sys
import threading

URL, HEADERS = json.loads(sys.argv[1])


def say(type_, id_, data):
    """Tell of an event."""
    print(json.dumps({"type": type_, "id": id_ or "", "data": data}), flush=True)


def _end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=_end_with_parent, daemon=True).start()
