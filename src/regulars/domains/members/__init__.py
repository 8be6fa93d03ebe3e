"""Members and the subjects they are made of: who they are, how to reach them, and what they agreed to.

A *subject* is what a fact belongs to, for ever; a *member* is a set of subjects (``subject_members``). A new member's own first
subject carries the member's UUID, so ``subject_id == member_id`` until members are merged; an anonymous order has a subject alone.

Personal fields are sealed under the member's own data key and found again through blind indexes; they never reach a log, an
event, a claim or an id. This slice never changes a standing and never sends a message.

What always holds: an external id leads to one member at most; one member at most *holds* a phone number or an e-mail address
(others who gave the same one are duplicate candidates); consent records are only ever added; of an erased member nothing personal
is left, and its external id is never enrolled again.
"""
