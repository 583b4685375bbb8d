"""A shop's past, made quickly: ``python -m benchmarks.history --orders N``.

Orders are placed and moved through the years as the product would have recorded it, row for row,
without its transactions. ``tests/benchmarks/test_history.py`` has the product do the same things
and compares the tables.
"""
