import subprocess
import time

from telling import HEADERS, URL, say

last_id, pause = "", 2.6
while True:
    headers = HEADERS | {"Accept": "text/event-stream"}
    if last_id:
        headers["Last-Event-ID"] = last_id
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["curl", "-sfN", "--speed-time", "30", "--speed-limit", "1", *options, URL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as curl:
        fields = {}
        for line in curl.stdout:
            name, _, value = line.rstrip("\n").partition(": ")
            if name:
                fields[name] = value
                continue
            last_id = fields.get("id", last_id)
            pause = int(fields.get("retry", pause * 1000)) / 1000
            say(fields["event"], fields.get("id"), fields["data"])
            fields = {}
    time.sleep(pause)
