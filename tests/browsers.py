"""The system's Chromium, or Chrome, for tests."""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from playwright.sync_api import Browser, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """A running browser, until the block ends. ``options``: of its command line."""
    arguments = [*options, "--no-sandbox"] if os.geteuid() == 0 else [*options]
    started = _playwright().chromium.launch(executable_path=_find(), args=arguments)
    try:
        yield started
    finally:
        started.close()


@cache
def _playwright() -> Playwright:
    """One for the whole process: while it runs a second one refuses to begin."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


def _find() -> str:
    """Where it is. Fails where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), _ON_A_MAC)
    assert os.access(found, os.X_OK), (
        "The tests need a browser: on Debian apt install chromium, on macOS Chrome."
    )
    return found
