"""Every SQL statement of rewards: orders of the mall, and gift cards."""
