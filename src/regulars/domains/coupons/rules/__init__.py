"""Pure decisions about coupons: what a cart costs with them, which of them serve it best, who gets one, and what a move changes."""
