"""Every SQL statement of rewards: orders of the mall, codes to hand out, and gift cards."""
