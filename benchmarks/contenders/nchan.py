"""nchan: publish and subscribe inside nginx, in C; from Debian."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.peer import order_of
from benchmarks.servers import free_port, start

_MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
_SETTINGS = """
load_module {module};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
worker_processes 1;
worker_rlimit_nofile 65536;
events {{ worker_connections 65536; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  client_body_buffer_size 64k;
  keepalive_requests 1000000;
  nchan_shared_memory_size 256M;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /orders {{
      nchan_publisher;
      nchan_channel_id board;
      nchan_message_buffer_length 4096;
      nchan_message_timeout 10m;
    }}
    location = /stream {{
      nchan_subscriber eventsource;
      nchan_channel_id board;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"""


class Nchan(Contender):
    """One nginx worker; it keeps the newest messages in memory and has no log."""

    name = "nchan"
    unasked: ClassVar[dict[str, str]] = {}

    def missing(self) -> str:
        """nginx with its module, from Debian's packages."""
        if shutil.which("nginx", path="/usr/sbin:/usr/bin") and _MODULE.exists():
            return ""
        return "apt install --no-install-recommends nginx-light libnginx-mod-nchan"

    def start(self) -> None:
        """Start nginx in the foreground with one worker."""
        port = free_port()
        folder = self.place.folder / "nchan"
        folder.mkdir()
        settings = folder / "nginx.conf"
        settings.write_text(_SETTINGS.format(module=_MODULE, folder=folder, port=port))
        nginx = str(shutil.which("nginx", path="/usr/sbin:/usr/bin"))
        command = [nginx, "-p", str(folder), "-c", str(settings)]
        self.server = start(command, port, output=folder / "out.log", core=self.place.cores.server)
        self.version = self._version(nginx)
        self.order = self.batch = order_of(self.place.sample.data)

    @staticmethod
    def _version(nginx: str) -> str:
        said = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=False).stderr
        found = re.search(r"nginx/([0-9.]+)", said)
        listed = ["dpkg-query", "-W", "-f=${Version}", "libnginx-mod-nchan"]
        try:
            package = subprocess.run(listed, capture_output=True, text=True, check=False).stdout
        except OSError:
            package = ""
        own = re.search(r"([0-9]+\.[0-9.]+[0-9])", package)
        return f"{own[1] if own else '?'}, nginx {found[1] if found else '?'}"
