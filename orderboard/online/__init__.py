"""Paying online: a provider's page, what it tells of payments, and money that goes back by it."""
