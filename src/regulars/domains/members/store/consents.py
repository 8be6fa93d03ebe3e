"""Consent records: only ever added."""

from collections.abc import Iterable, Sequence

from sqlalchemy.engine import Connection

from regulars.domains.members.model import Consent, ReceiptId
from regulars.kernel.ids import MemberId, SubjectId
from regulars.platform import db


def append(tx: Connection, records: Sequence[Consent]) -> set[ReceiptId]:
    """Add these records; return the receipts that are new. A receipt that exists stays as it is."""
    ordered = sorted(records, key=lambda r: (r.member_id, r.receipt_id))
    rows = db.rows_of(
        tx,
        """INSERT INTO consents (member_id, receipt_id, subject_id, purpose, channel, granted, source, policy_version, at, recorded_at)
           SELECT * FROM unnest(%(members)s::uuid[], %(receipts)s::uuid[], %(subjects)s::uuid[], %(purposes)s::text[],
                                %(channels)s::text[], %(granted)s::boolean[], %(sources)s::text[], %(policies)s::text[],
                                %(ats)s::timestamptz[], %(recorded)s::timestamptz[])
           ON CONFLICT DO NOTHING RETURNING receipt_id""",
        members=[r.member_id for r in ordered],
        receipts=[r.receipt_id for r in ordered],
        subjects=[r.subject_id for r in ordered],
        purposes=[r.purpose for r in ordered],
        channels=[r.channel for r in ordered],
        granted=[r.granted for r in ordered],
        sources=[r.source for r in ordered],
        policies=[r.policy_version for r in ordered],
        ats=[r.at for r in ordered],
        recorded=[r.recorded_at for r in ordered],
    )
    return {ReceiptId(row[0]) for row in rows}


def of_members(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, list[Consent]]:
    """The whole consent history of each member that has one, oldest first."""
    rows = db.rows_of(
        tx,
        """SELECT member_id, receipt_id, subject_id, purpose, channel, granted, source, policy_version, at, recorded_at
             FROM consents WHERE member_id = ANY(%(ids)s::uuid[]) ORDER BY at, recorded_at, receipt_id""",
        ids=list(set(member_ids)),
    )
    out: dict[MemberId, list[Consent]] = {}
    for row in rows:
        record = Consent(
            member_id=MemberId(row[0]),
            receipt_id=ReceiptId(row[1]),
            subject_id=SubjectId(row[2]),
            purpose=row[3],
            channel=row[4],
            granted=row[5],
            source=row[6],
            policy_version=row[7],
            at=row[8],
            recorded_at=row[9],
        )
        out.setdefault(record.member_id, []).append(record)
    return out
