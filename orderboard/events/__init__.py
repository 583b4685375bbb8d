"""The log: every fact, once, in one order."""
