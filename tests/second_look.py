"""A few tests that wait for browsers or servers get a second look, alone, when they failed.

While others run beside them, a wait may end too early for no fault of the product. What the project
promises of orders and events gets no second look: there, one failure in a hundred runs is a fault.
"""

import subprocess
import sys
from pathlib import Path

import pytest

_WAITING = frozenset(
    {"benchmarks", "cli", "demo", "edge", "interop", "journeys", "pages", "proxies", "run"}
)
_MOST = 3
_SECONDS = 180


class SecondLook:
    """Remembers which tests failed, and runs them once more at the end of the session."""

    def __init__(self) -> None:
        self.failed: dict[str, None] = {}
        self.passed_alone = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a failure, also of a fixture."""
        if report.failed:
            self.failed[report.nodeid] = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End well if all that failed may be looked at again, and passes when it is alone."""
        if session.exitstatus != pytest.ExitCode.TESTS_FAILED or not may_be_looked_at(self.failed):
            return
        if _pass_alone(list(self.failed), session.config.rootpath):
            self.passed_alone = True
            session.exitstatus = pytest.ExitCode.OK

    def pytest_unconfigure(self) -> None:
        """Say in the last lines why it ended well."""
        if self.passed_alone:
            print("Failed beside others, passed alone:", *self.failed, sep="\n  ")


def may_be_looked_at(failed: dict[str, None]) -> bool:
    """Whether these are few, and all of the kind that waits."""
    return 0 < len(failed) <= _MOST and all(_folder(name) in _WAITING for name in failed)


def _folder(name: str) -> str:
    return (*Path(name.partition("::")[0]).parts, "", "")[1]


def _pass_alone(names: list[str], root: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", *names]
    try:
        return subprocess.run(command, cwd=root, timeout=_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
