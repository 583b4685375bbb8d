"""Who has ordered: a record for each customer."""
