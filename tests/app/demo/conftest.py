"""A browser for the demo's page: the system's Chromium, without network."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class Visit(Protocol):
    """Opens a file in the browser. When it is left the page must have complained `complaints` times, asked nobody."""

    def __call__(
        self, path: Path, *, complaints: int = 0, **context: Any
    ) -> AbstractAsyncContextManager[Page]: ...


@pytest.fixture
def visit() -> Visit:
    if not CHROMIUM.exists():
        reason = f"no Chromium at {CHROMIUM} (the variable CHROMIUM names another)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)

    @asynccontextmanager
    async def open_page(path: Path, *, complaints: int = 0, **context: Any) -> AsyncIterator[Page]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=str(CHROMIUM), args=[*FLAGS, "--no-first-run"]
            )
            page = await (await browser.new_context(**context)).new_page()
            heard: list[str] = []
            asked: list[str] = []
            page.on("console", lambda message: heard.append(message.text))
            page.on("pageerror", lambda error: heard.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(path.as_uri())
            yield page
            await browser.close()
            assert len(heard) == complaints, heard
            assert asked == [path.as_uri()], "the page asks nothing of any network"

    return open_page
