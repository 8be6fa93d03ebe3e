"""Every statement of insights: SQL on PostgreSQL, Ibis expressions on the lake."""
