"""Every SQL statement of coupons. Set-based: a batch costs a fixed number of statements, whatever its size."""
