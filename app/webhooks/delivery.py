"""Sending: one attempt over the wire, and the schedule by which attempts follow one another."""

import asyncio
import random
import ssl
import time
from datetime import datetime, timedelta

import orjson

from app.errors import Invalid
from app.webhooks import signing
from app.webhooks.addresses import RefusedError, resolve, target_of
from app.webhooks.values import Attempt, Delivery, Webhook

TIMEOUT_S = 15.0
"""For one attempt, from the name's resolution to the end of the answer's head."""
CONNECT_S = 5.0
WAITS_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Between attempts, as Standard Webhooks recommends: ten attempts over some three days."""
JITTER = 0.1
LONGEST_WAIT_S = 86_400.0
"""No receiver puts off the next attempt for longer than a day."""
GONE = 410


def next_wait(attempts: int, asked_s: float | None, chance: random.Random) -> float | None:
    """Seconds until the next attempt after so many; None where there is to be none.

    A receiver that asks for more time (`Retry-After`) gets it, up to a day.
    """
    if attempts > len(WAITS_S):
        return None
    wait = WAITS_S[attempts - 1] * chance.uniform(1 - JITTER, 1 + JITTER)
    return max(wait, min(asked_s or 0.0, LONGEST_WAIT_S))


def body_of(delivery: Delivery) -> bytes:
    """What is sent: type, when it happened, and the data of the event."""
    moment = delivery.created_at.isoformat().replace("+00:00", "Z")
    return orjson.dumps({"type": delivery.type, "timestamp": moment, "data": delivery.data})


class Sender:
    """Makes attempts over HTTP. `private` allows receivers in the own network."""

    def __init__(self, *, private: bool, timeout_s: float = TIMEOUT_S) -> None:
        self._private = private
        self._timeout_s = timeout_s
        self._trust: ssl.SSLContext | None = None

    async def attempt(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        """One attempt. Never raises for what a receiver or the network does."""
        # Imported here: nothing but a server that has receivers needs an HTTP client.
        import httpx2  # noqa: PLC0415

        if self._trust is None:  # reading the authorities' certificates takes a tenth of a second
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(webhook, delivery)
        except TimeoutError:
            return Attempt(delivered=False, answer=None, detail=f"no answer within {self._timeout_s:g} s")
        except (RefusedError, Invalid) as error:  # Invalid: the settings allow less than when it was made
            return Attempt(delivered=False, answer=None, detail=str(error))
        except OSError as error:
            return Attempt(delivered=False, answer=None, detail=f"unreachable: {error.strerror or error}")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return Attempt(
                delivered=False, answer=None, detail=f"unreachable: {error or type(error).__name__}"
            )

    async def _post(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        import httpx2  # noqa: PLC0415

        target = target_of(webhook.url, private=self._private)
        address = await resolve(target, private=self._private)
        host = f"[{address}]" if ":" in address else address
        body = body_of(delivery)
        headers = {
            "host": target.host_header,
            "content-type": "application/json",
            "user-agent": "Shelftalker-Webhooks/1",
            **signing.headers(webhook.secret, delivery.event, int(time.time()), body),
        }
        timeout = httpx2.Timeout(self._timeout_s, connect=CONNECT_S)
        # No redirects: the next address would be one that nobody looked at. No proxy of the environment either.
        async with (
            httpx2.AsyncClient(
                timeout=timeout, follow_redirects=False, trust_env=False, verify=self._trust or True
            ) as client,
            client.stream(
                "POST",
                f"{'https' if target.secure else 'http'}://{host}:{target.port}{target.path}",
                content=body,
                headers=headers,
                extensions={
                    "sni_hostname": target.host
                },  # the certificate must be the name's, not the address's
            ) as answer,
        ):
            return _read(answer.status_code, answer.headers.get("retry-after"))


def _read(status: int, retry_after: str | None) -> Attempt:
    """What an answer's head means; nobody reads its body."""
    if 200 <= status < 300:
        return Attempt(delivered=True, answer=status, detail=None)
    if 300 <= status < 400:
        why = f"answered {status}; redirects are not followed: register the address that it points to"
        return Attempt(delivered=False, answer=status, detail=why)
    return Attempt(
        delivered=False,
        answer=status,
        detail=f"answered {status}",
        gone=status == GONE,
        wait_s=float(retry_after) if retry_after is not None and retry_after.isdecimal() else None,
    )


def later(now: datetime, seconds: float) -> datetime:
    """A moment so many seconds on."""
    return now + timedelta(seconds=seconds)
