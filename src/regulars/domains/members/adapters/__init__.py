"""Ways for a one-time code to reach a member, each a :class:`~regulars.domains.members.model.CodeSender`."""
