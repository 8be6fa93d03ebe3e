"""What happened becomes messages: in the transaction in which the outbox hands the event over, so that neither exists without the other."""

from collections.abc import Sequence

import orjson

from regulars.domains.members import service as members
from regulars.domains.operators import service as operators
from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import EndpointId, Happened, Message, MessageId
from regulars.domains.webhooks.rules import catalogue, matching
from regulars.domains.webhooks.service import endpoints
from regulars.domains.webhooks.store import endpoints as endpoint_store
from regulars.domains.webhooks.store import log
from regulars.kernel import ids
from regulars.kernel.ids import SubjectId
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.outbox import Event


def on_events(ctx: Ctx, events: Sequence[Event]) -> None:
    """Each event waits to be sent to every enabled endpoint that hears its type. The same event a second time changes nothing."""
    listening = endpoint_store.listening(ctx.tx)
    heard = [event for event in events if event.name in catalogue.EVENTS]
    wanted = {
        type_: [endpoint for endpoint, patterns in listening if matching.hears(patterns, type_)]
        for type_ in {catalogue.EVENTS[event.name].type for event in heard}
    }
    told = [event for event in heard if wanted[catalogue.EVENTS[event.name].type]]
    if not told:
        return
    happened = _happened(ctx, told)
    messages = [_message(event, one) for event, one in zip(told, happened, strict=True)]
    pairs = [(endpoint, message.message_id) for message in messages for endpoint in wanted[message.type]]
    log.add(ctx.tx, messages, pairs, ctx.now)


def send_test(ctx: Ctx, endpoint_id: EndpointId) -> MessageId:
    """A test message waits to be sent to the endpoint, whatever it listens to. Raises ``webhooks.no_endpoint``, ``webhooks.stopped``."""
    ctx.require(endpoints.WRITE)
    # Locked, so that it isn't deleted under the delivery.
    found = endpoint_store.lock(ctx.tx, endpoint_id)
    if found is None:
        raise model.NO_ENDPOINT(endpoint=endpoints.wire(endpoint_id))
    if found[0].stopped is not None:
        raise model.STOPPED(endpoint=endpoints.wire(endpoint_id))
    payload = catalogue.payload(model.TEST, ctx.now, {"note": "Hello from Regulars"})
    message = Message(message_id=MessageId(newid.uuid7()), type=model.TEST, body=orjson.dumps(payload).decode(), at=ctx.now)
    log.add(ctx.tx, [message], [(endpoint_id, message.message_id)], ctx.now)
    operators.audit(
        ctx,
        action="webhook_endpoint.tested",
        entity=endpoints.wire(endpoint_id),
        after={"message": ids.encode(model.MESSAGE, message.message_id)},
    )
    return message.message_id


def _happened(ctx: Ctx, events: Sequence[Event]) -> list[Happened]:
    subjects = {SubjectId(event.key) for event in events if event.name in catalogue.SUBJECT_KEYED}
    known = members.find_by_subject(ctx, subjects) if subjects else {}
    found = {subject: ref.member_id for subject, ref in known.items()}
    return [
        Happened(
            name=event.name,
            key=event.key,
            payload=event.payload,
            at=event.at or ctx.now,
            member=found.get(SubjectId(event.key)) if event.name in catalogue.SUBJECT_KEYED else None,
        )
        for event in events
    ]


def _message(event: Event, happened: Happened) -> Message:
    # Derived from the event, so that one that is handed over again lands on the same id. Its number alone would come again after a
    # restore; the number and the time don't.
    derived = ids.derived(happened.at, "webhook", event.name, str(event.id), event.key.hex)
    type_ = catalogue.EVENTS[event.name].type
    return Message(message_id=MessageId(derived), type=type_, body=catalogue.body(happened), at=happened.at)
