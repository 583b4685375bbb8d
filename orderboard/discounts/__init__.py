"""Discount codes: what customers may take off an order, how often, and until when."""
