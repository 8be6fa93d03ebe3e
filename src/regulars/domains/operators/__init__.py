"""Operators: the people who run the programme, what they may do, the keys of other systems, second opinions, and who did what.

It answers "who is calling, and may they?" and keeps the record of it. It knows nothing of members, points or programmes: a command
that waits for a second person is a name and a payload here, and ``app`` says what the name means.

Invariants: nobody hands out a right they do not hold; one active administrator always remains; a secret is shown once and only its
hash is kept; a command is decided by somebody other than the person who asked, and executed at most once; a sealed audit row that
was changed or taken out is found and named. Audit rows and payloads carry ids, never personal data.
"""
