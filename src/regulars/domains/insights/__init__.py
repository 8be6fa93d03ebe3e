"""What the numbers say: repurchase, tier spread, points. It only reads, and every number comes with its definition."""
