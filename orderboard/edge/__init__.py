"""The outer edge: what a connection may cost before, while and after it asks for something.

Under gunicorn every connection is served from here. Heads are bounded and looked at once, heads and
bodies have deadlines, connections are counted, and whatever is refused is told in problem details.
"""

from orderboard.edge.service import Edge

__all__ = ["Edge"]
