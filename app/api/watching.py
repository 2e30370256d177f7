"""Long answers end with the key that asked for them: revoked or expired meanwhile, it gets nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request

from app.access.service import Principal
from app.api.deps import services

CHECK_S = 0.5  # and the key itself is read at most a second old (`app.access.held`): 2 s are never reached
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Ended:
    """No more items; `error` is what ended them early."""

    error: Exception | None = None


async def while_valid(request: Request, items: AsyncIterator[T]) -> AsyncIterator[T]:
    """The items, as long as the caller's key is valid: Unauthenticated is raised within 2 s of its end.

    Also while no item comes. The items are made in one task, whoever waits for them.
    """
    caller: Principal | None = getattr(request.state, "principal", None)
    if caller is None or caller.key_id is None:
        async for item in items:
            yield item
        return
    access, loop = services(request).access, asyncio.get_running_loop()
    ready: asyncio.Queue[T | _Ended] = asyncio.Queue(1)
    making = asyncio.create_task(_make(items, ready))
    check_at = loop.time() + CHECK_S
    try:
        while True:
            found: list[T | _Ended] = []
            with suppress(TimeoutError):
                async with asyncio.timeout_at(check_at):
                    found = [await ready.get()]
            if loop.time() >= check_at:
                await access.check(caller)
                check_at = loop.time() + CHECK_S
            for got in found:
                if not isinstance(got, _Ended):
                    yield got
                elif got.error is not None:
                    raise got.error
                else:
                    return
    finally:
        making.cancel()
        with suppress(asyncio.CancelledError):
            await making


async def _make(items: AsyncIterator[T], ready: "asyncio.Queue[T | _Ended]") -> None:
    try:
        async for item in items:
            await ready.put(item)
    except Exception as error:  # noqa: BLE001 - raised where the items are waited for
        await ready.put(_Ended(error))
    else:
        await ready.put(_Ended())
