# The patching comes first: whatever is imported before it keeps blocking calls that would stop
# all listeners of a worker.
from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import gc
import logging
import mmap
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path

import gevent


# Nothing of orderboard is imported here: gunicorn's master never lets go of a module, and a HUP
# must bring new code into new workers.
def _setting(name, pattern, default):
    """A variable's value; the default where that is nonsense, which ``on_starting`` refuses."""
    value = os.environ.get(name, "").strip("[] ")
    return value if re.fullmatch(pattern, value) else default


_host = _setting("HOST", "[0-9A-Za-z.:_-]+", "127.0.0.1")
_port = _setting("PORT", "[0-9]{1,5}", "8000")

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
workers = int(_setting("WEB_CONCURRENCY", "[0-9]{1,3}", "2"))
worker_class = "gevent"
worker_connections = 1_000_000  # orderboard.edge counts them, and refuses in words
backlog = 4096
timeout = 60
graceful_timeout = 15
_RELIEF = 8.0  # seconds that a worker waits for those who are to take its place
_STARTED, _SERVING = 0, 1
_DRAIN = 4.0  # seconds over which a worker that ends sends its streams away, to come back
_SILENCE = 3.0  # seconds that a connection of such a worker may wait for its next request
keepalive = 5
control_socket_disable = True
forwarded_allow_ips = ""  # the app itself knows how many proxies to trust
# Heads are bounded by orderboard.edge before gunicorn's parser sees them, and these are its bounds.
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 64
loglevel = "warning"
proc_name = "orderboard"
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats that never wait for a disk


def on_starting(server):
    """Open as many files as the system allows, and refuse in one line what no worker could use."""
    _allow_open_files()
    if os.environ.get("ORDERBOARD_SUPERVISOR") == str(os.getppid()):
        return  # ``orderboard run`` has looked already
    # In a process of its own, for the reason above; gevent's fork and wait are the workers'.
    command = [sys.executable, "-m", "orderboard", "before-serving", *_addresses(server)]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    looking = os.posix_spawn(sys.executable, command, environ)
    _, status = monkey.get_original("os", "waitpid")(looking, 0)
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(abs(code))


def _addresses(server):
    inherited = {"GUNICORN_PID", "LISTEN_FDS"} & os.environ.keys()
    wanted = [] if inherited or server.cfg.reuse_port else server.cfg.address
    return [f"--listen={a[0]}|{a[1]}" for a in wanted if isinstance(a, tuple)]


def _allow_open_files():
    # Every listener is one.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited:
        return
    # macOS calls the upper bound unlimited, and then refuses what is above a bound of its own.
    for wanted in (65_536 if hard == unlimited else hard, 10_240):
        if wanted <= soft:
            return
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            continue
        return


def pre_fork(server, worker):
    """Let all workers know, in memory they share, which of them was started last."""
    if not hasattr(server, "ages"):  # a HUP reads this file again, but keeps the server
        server.ages = memoryview(mmap.mmap(-1, 16)).cast("Q")
    worker.ages = server.ages
    worker.ages[_STARTED] = worker.age


def post_worker_init(worker):
    """Start this worker's stream; refuse to run where one request can block all the others."""
    waiting = sys.modules.get("psycopg.waiting")
    if waiting and waiting.wait.__name__ == "wait_c":
        raise RuntimeError("psycopg was imported before gevent patched the standard library")
    errors = logging.getLogger("gunicorn.error")
    errors.handlers.clear()
    errors.propagate = True  # to the handler that the app set up
    errors.addFilter(_without_addresses)
    _stream(worker).start()
    _parts(worker).edge.serve(worker)
    idle = set()
    worker.timeout_ctx = lambda: _Idle(keepalive, idle)
    gevent.spawn(_close_when_told, worker, idle)
    signal.signal(signal.SIGTERM, lambda *_: gevent.spawn(_leave_when_relieved, worker))
    worker.ages[_SERVING] = max(worker.ages[_SERVING], worker.age)
    # What is loaded by now stays for good. Looking through all of it for garbage would keep every
    # request and listener waiting for a tenth of a second, again and again.
    gc.collect()
    gc.freeze()
    # Whenever the event loop waits for a thread that computes (a large body is read in one), it
    # waits this long; five milliseconds, as Python has it, several times a request are felt.
    sys.setswitchinterval(0.001)


def worker_exit(_server, worker):
    """Stay until the last stream has had its last word; gunicorn itself knows nothing of them."""
    if worker.pid == os.getpid():  # the arbiter calls this as well
        _stream(worker).close(over=_DRAIN)


def worker_int(worker):
    """Close the streams of a worker that has to be quick."""
    _stream(worker).close()


def _leave_when_relieved(worker):
    # At a HUP gunicorn ends the old workers while the new ones still load the app: for as long as
    # that takes, nobody would be answered.
    end = time.monotonic() + _RELIEF
    while worker.ages[_STARTED] > worker.age >= worker.ages[_SERVING] and time.monotonic() < end:
        gevent.sleep(0.1)
    worker.alive = False


class _Idle(gevent.Timeout):
    """How long gunicorn waits for a connection's next request; ``idle`` are those it waits for."""

    def __init__(self, seconds, idle):
        super().__init__(seconds, False)
        self._idle = idle

    def __enter__(self):
        self.greenlet, self.since = gevent.getcurrent(), time.monotonic()
        self._idle.add(self)
        return super().__enter__()

    def __exit__(self, *error):
        self._idle.discard(self)
        return super().__exit__(*error)

    def end(self):
        """Wait no longer, unless the request has just come. To be called by the hub."""
        if self in self._idle:
            self.greenlet.throw(self)


def _close_when_told(worker, idle):
    # gunicorn has no hook for the moment in which a worker is told to end, only this flag.
    while worker.alive:
        gevent.sleep(0.2)
    gevent.spawn(_stream(worker).close, over=_DRAIN)
    # Whoever asks once more now is answered and told that the connection closes. Those who stay
    # silent would hold up the end for the rest of the keepalive time; but each may be silent for a
    # while, for connections are still taken until gunicorn itself has seen the flag.
    told = time.monotonic()
    while True:
        gevent.sleep(0.1)
        silent = time.monotonic() - _SILENCE
        for waiting in list(idle):
            if max(waiting.since, told) < silent:
                gevent.get_hub().loop.run_callback(waiting.end)


def _without_addresses(record):
    # The address of a customer's page is a secret.
    if record.msg.startswith("Error handling request"):
        record.msg, record.args = "Error handling request", ()
    return True


def _stream(worker):
    return _parts(worker).stream


def _parts(worker):
    return worker.app.callable.extensions["orderboard"]
