"""How many orders a second one worker takes, and what one costs.

Starts the real thing (one gunicorn worker, SQLite with ``synchronous=FULL``, the embedded
Redis-compatible server), posts orders of two lines from 16 connections that each wait for the
answer before the next, and prints orders per second, CPU per order of the server and of this
load generator, and the times of an answer. In turn with it runs the yardstick: a plain Flask
view that inserts the same rows and does nothing else. Run it as
``python -m benchmarks.placing``.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDER = {
    "customer": {"name": "Ada Example", "email": "ada@shop.example", "phone": "+49 30 1234567"},
    "type": "purchase",
    "items": [
        {"sku": "TEA-1", "name": "Green tea", "quantity": 2, "unit_price": "4.90"},
        {"sku": "CUP-7", "name": "Cup, blue", "quantity": 1, "unit_price": "12.50"},
    ],
    "shipping": "3.90",
    "address": {"line1": "1 Example Street", "city": "Berlin", "postal_code": "10115"},
}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("              orders/s  server CPU us  generator CPU us  p50 ms  p99 ms")
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as home:
        plain, plain_port = start_plain(Path(home))
        board, board_port = start_board(Path(home))
        command = [
            sys.executable,
            "-m",
            "orderboard",
            "key",
            "create",
            "bench",
            "--scope",
            "intake",
        ]
        env = environment(Path(home), board_port)
        key = subprocess.check_output(command, env=env, text=True).strip()
        try:
            load(board_port, key, options.clients, 1.0)
            load(plain_port, key, options.clients, 1.0)
            for _ in range(options.rounds):
                print("orderboard  ", line(board, board_port, key, options))
                print("plain Flask ", line(plain, plain_port, key, options))
        finally:
            for server in (board, plain):
                server.terminate()
                server.wait(20)


def line(
    server: "subprocess.Popen[bytes]", port: int, key: str, options: argparse.Namespace
) -> str:
    """One measured round as a line of the table."""
    worker = workers(server.pid)
    before, own = cpu(worker), time.process_time()
    began = time.monotonic()
    times = load(port, key, options.clients, options.seconds)
    wall = time.monotonic() - began
    spent, own = cpu(worker) - before, time.process_time() - own
    count = len(times)
    p99 = statistics.quantiles(times, n=100)[98]
    return (
        f"{count / wall:8.0f}  {spent / count * 1e6:13.0f}  {own / count * 1e6:16.0f}"
        f"  {statistics.median(times) * 1e3:6.1f}  {p99 * 1e3:6.1f}"
    )


def environment(home: Path, port: int) -> dict[str, str]:
    """The settings of the measured server."""
    return {
        **os.environ,
        "ORDERBOARD_HOME": str(home),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": str(ROOT),
    }


def start_board(home: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """Start orderboard with one worker; answers it and its port."""
    port = free_port()
    return started([sys.executable, "-m", "orderboard", "run"], environment(home, port), port)


def start_plain(home: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """Start the yardstick with one worker; answers it and its port."""
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gevent", "--workers", "1"]
    command = [sys.executable, "-m", "gunicorn", *bind, "benchmarks.plain_flask:app"]
    env = {**os.environ, "PLAIN_DATABASE": str(home / "plain.db"), "PYTHONPATH": str(ROOT)}
    return started(command, env, port)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def started(
    command: list[str], env: dict[str, str], port: int
) -> "tuple[subprocess.Popen[bytes], int]":
    """Start a server and wait until it listens."""
    server = subprocess.Popen(command, cwd="/tmp", env=env, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            time.sleep(1)
            return server, port
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit("the server did not start")


def workers(pid: int) -> list[int]:
    """All processes below a process that run gunicorn."""
    found, todo = [], [pid]
    while todo:
        below = subprocess.run(["pgrep", "-P", str(todo.pop())], capture_output=True, text=True)
        children = [int(word) for word in below.stdout.split()]
        todo += children
        found += children
    return found


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that processes have used, the embedded Redis among them."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def load(port: int, key: str, clients: int, seconds: float) -> list[float]:
    """Post for some seconds; answers the time of each answer in seconds."""
    body = json.dumps(ORDER).encode()
    request = (
        f"POST /api/orders HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    times: list[float] = []
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(port, request, end, times)) for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def client(port: int, request: bytes, end: float, times: list[float]) -> None:
    """Post on one connection until the end."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < end:
            began = time.monotonic()
            connection.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65536)
            head, _, rest = answer.partition(b"\r\n\r\n")
            if b" 201 " not in head.split(b"\r\n", 1)[0]:
                raise SystemExit(f"not placed: {answer[:500]!r}")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(rest) < length:
                rest += connection.recv(65536)
            times.append(time.monotonic() - began)


if __name__ == "__main__":
    main()
