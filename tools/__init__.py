"""Tools that guard the house; none of them is shipped."""
