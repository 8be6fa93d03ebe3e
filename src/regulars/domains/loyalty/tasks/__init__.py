"""Long work of the programme: runs outside of requests, commits in pieces, goes on where it stopped."""
