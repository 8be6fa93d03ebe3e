"""What tests share: servers, factories, facts."""
