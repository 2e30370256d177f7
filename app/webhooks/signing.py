"""Signatures as Standard Webhooks has them: https://github.com/standard-webhooks/standard-webhooks (version 1.0.0).

Signed is "ID.TIMESTAMP.BODY" with HMAC-SHA256 under the receiver's secret; `v1,` and base64 in `webhook-signature`.
The timestamp is that of the attempt, so that a receiver can refuse what somebody recorded and sends again.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification: 24 to 64


def new_secret() -> str:
    """A random secret as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt. `timestamp` in seconds since 1970."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{_signature(secret, message_id, timestamp, body)}",
    }


def verify(secret: str, message_id: str, timestamp: int, body: bytes, signature: str) -> bool:
    """Whether one of the signatures in the header is ours; what a receiver in Python may call."""
    wanted = _signature(secret, message_id, timestamp, body)
    found = [part.partition(",")[2] for part in signature.split() if part.startswith("v1,")]
    return any(hmac.compare_digest(one.encode(), wanted.encode()) for one in found)


def _signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook's secret is base64 after whsec_") from None
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
