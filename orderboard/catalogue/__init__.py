"""What the shop sells: products, their prices, and how much of each is there."""
