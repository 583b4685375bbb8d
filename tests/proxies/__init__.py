"""nginx, HAProxy and Caddy, set up word for word as the docs say, between clients and the house."""
