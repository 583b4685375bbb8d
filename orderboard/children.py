"""Child processes that end when this process does, however it ends.

Each child leads a session and process group of its own, so that Ctrl-C reaches the supervisor
alone. A small shell in that group waits at a pipe whose only other end is held by this process.
When this process is gone, also by kill -9, the pipe closes, and that shell ends the group.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_ORPHAN_SECONDS = 4
"""How long a child may take to end by itself when its supervisor has died."""

# The watching shell is started before the program takes the first shell's place: there is no
# moment in which the program runs unwatched.
_WATCHED = f"""\
exec 3<&0 </dev/null
(
  read -r _ <&3
  kill -s TERM $$
  left={_ORPHAN_SECONDS}
  while [ $left -gt 0 ] && kill -0 $$; do sleep 1; left=$((left - 1)); done
  kill -s KILL -- -$$
) >/dev/null 2>&1 &
exec "$@" 3<&-
"""


class Child:
    """A running program, its helpers, and the shell that ends them all when we are gone."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        output: Path | None = None,
    ) -> None:
        """Start a program. ``output`` names a file for what it prints; else it prints to ours."""
        self._ended = False
        file = output.open("wb") if output else None
        try:
            self._start(command, environ, file)
        finally:
            if file:
                file.close()

    def alive(self) -> bool:
        """Whether the program still runs."""
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal; one that has ended takes no notice."""
        self.process.send_signal(number)

    def end(self) -> None:
        """End at once what is left of the program, its helpers and its watching shell."""
        if self._ended:
            return
        # A group's number is not given away again while the watching shell is in the group.
        # macOS says "not permitted" of a group in which only the dead are left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._lifeline)
        self._ended = True

    def _start(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None,
        file: BinaryIO | None,
    ) -> None:
        watched, self._lifeline = os.pipe()
        try:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", _WATCHED, "watched", *command],
                stdin=watched,
                stdout=file,
                stderr=subprocess.STDOUT if file else None,
                env=environ,
                start_new_session=True,
            )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(watched)
