"""Vectors by the configured model: kept on disk by the hash of their text, made where nobody waits for them.

Texts are embedded in a child process, so that hours of work and PyTorch's memory stay out of this one. Queries are
embedded here, in milliseconds, where the model was exported to ONNX; otherwise the child embeds them too, and a search
that cannot wait for it goes by words.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.catalog.search.vectors import PATIENCE_S, Given
from app.errors import Unavailable
from retrieval.items import Pending

if TYPE_CHECKING:
    from retrieval.embedders import Embedder
    from retrieval.embedding_values import Vectors
    from retrieval.embedding_worker import EmbeddingWorker
    from retrieval.vector_files import VectorReader

T = TypeVar("T")

KEPT_QUERIES = 2_000  # vectors of 1.5 KB; shoppers ask the same again and again
KEPT_TEXTS = 1_000  # likewise of texts that were compared
QUERIES_AT_ONCE = 8  # more than that wait in vain: the answer would come too late
SPARE = 10_000  # vectors on disk beyond twice the catalog's, before the file is written anew


class ModelEncoder:
    """A model by name or folder. `data` is the data folder with its exports, `folder` where vectors are kept.

    Without a folder they are kept by whoever asked for them alone.
    """

    def __init__(self, model: str, data: Path, folder: Path | None) -> None:
        self._name = model
        self._data = data
        self._folder = folder
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._query_threads = ThreadPoolExecutor(1, thread_name_prefix="embedding-queries")
        self._here: Embedder | None = None  # the export
        self._worker: EmbeddingWorker | None = None
        self._store: VectorReader | None = None
        self.dimension = 0
        self._warmed = False
        self._opened = False
        self._asked = _Recent(KEPT_QUERIES)
        self._compared = _Recent(KEPT_TEXTS)
        self._asking: dict[str, asyncio.Future[Vectors | None]] = {}
        self.model: str | None = None
        self.reason: str | None = f"the model {model} is being looked for"
        self.quick = False

    # -- the protocol ------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Find out which model there is; reads its weights once, to know them again."""
        await self._in_thread(self._open)

    async def warm_up(self) -> None:
        """Have the child process load its model, where queries need it."""
        if self.model is not None and self._here is None and not self._warmed:
            self._warmed = True
            with contextlib.suppress(Unavailable):  # told where texts or queries need it
                await self._on(self._query_threads, self._started)

    async def query(self, text: str, patience_s: float = PATIENCE_S) -> "Vectors | None":
        """The vector of a query; None where it cannot be had within that time."""
        if self.model is None:
            return None
        known = self._asked.get(text)
        if known is not None:
            return known
        asking = self._asking.get(text)
        if asking is None:
            if len(self._asking) >= QUERIES_AT_ONCE:
                return None
            asking = self._on(self._query_threads, lambda: self._query(text))
            self._asking[text] = asking
            asking.add_done_callback(lambda done: self._answered(text, done))
        done, _ = await asyncio.wait({asking}, timeout=patience_s)
        return asking.result() if done and not asking.cancelled() else None

    async def vectors_of(self, texts: Sequence[str], patience_s: float) -> "list[Vectors | None]":
        """The vectors of texts that somebody waits for, in their order; None for those not to be had within that time."""
        found: list[Vectors | None] = [None] * len(texts)
        with contextlib.suppress(TimeoutError, Unavailable):  # whoever asks sees which are missing
            async with asyncio.timeout(patience_s):
                if not self._opened:
                    await self.open()
                if self.model is None:
                    return found
                for row, text in enumerate(texts):
                    found[row] = await self._vector_of(text)
        return found

    async def _vector_of(self, text: str) -> "Vectors":
        known = self._compared.get(text)
        if known is None:
            # Each a turn of its own: a shopper's query waits for one text, not for all of them.
            known = (await self._on(self._query_threads, lambda: self._embed([text])))[0]
            self._compared.keep(text, known)
        return known

    async def texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:
        """The vectors of some of the texts: those on disk; where none is, with `embed`, of all of them."""
        if self.model is None or not pending:
            return Given((), None)
        return await self._in_thread(lambda: self._texts(pending, embed=embed))

    async def forget_all_but(self, text_hashes: frozenset[str]) -> None:
        """Write the file of vectors anew, where most of them are of texts that are gone."""
        if self.model is not None:
            await self._in_thread(lambda: self._forget_all_but(text_hashes))

    async def close(self) -> None:
        """End the child process at once; a batch that it was at is embedded again next time."""
        if self._worker is not None:
            await asyncio.to_thread(self._worker.close)
        for threads in (self._query_threads, self._threads):
            threads.shutdown(wait=True, cancel_futures=True)
        if self._store is not None:
            self._store.close()

    @property
    def child(self) -> int | None:
        """The id of the process that embeds; None where none was needed yet."""
        return None if self._worker is None else self._worker.pid

    # -- in threads --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self.model is None:
            self._look_for_model()
        self._opened = True

    def _look_for_model(self) -> None:
        # Imported here: numpy and the child's protocol are nothing to commands that do not search.
        from retrieval.embedders import missing_packages, open_exported_embedder  # noqa: PLC0415
        from retrieval.embedding_models import NoEmbedder, find_model  # noqa: PLC0415
        from retrieval.embedding_worker import EmbeddingWorker  # noqa: PLC0415

        exported = open_exported_embedder(self._name, self._data)
        if not isinstance(exported, NoEmbedder):
            self._here, self.quick = exported, True
            model, self.dimension = exported.id, exported.dimension
        else:
            files = find_model(self._name)
            missing = missing_packages("torch", "sentence_transformers")
            if isinstance(files, NoEmbedder) or missing:
                why = (
                    files.reason if isinstance(files, NoEmbedder) else f"not installed: {', '.join(missing)}"
                )
                self.reason = f"{why}; search goes by words alone"
                return
            model, self.dimension = files.torch_id, files.dimension
        self._worker = EmbeddingWorker(self._name, self._data)
        self.model, self.reason = model, None

    def _started(self) -> "EmbeddingWorker":
        """The child process, with its model loaded, which takes some seconds the first time."""
        from retrieval.embedding_models import NoEmbedder  # noqa: PLC0415
        from retrieval.embedding_worker import EmbeddingFailed  # noqa: PLC0415

        worker = self._worker
        assert worker is not None  # noqa: S101 - where there is a model there is one
        try:
            missing = worker.start()
        except EmbeddingFailed as error:
            raise Unavailable(str(error), dependency="embeddings") from error
        if isinstance(missing, NoEmbedder):
            raise Unavailable(missing.reason, dependency="embeddings")
        if worker.id != self.model:
            raise Unavailable(
                f"texts would be embedded by {worker.id}, and the index is by {self.model}: restart the process",
                dependency="embeddings",
            )
        return worker

    def _query(self, text: str) -> "Vectors | None":
        from retrieval.query import clean  # noqa: PLC0415

        vector: Vectors = self._embed([clean(text)])[0]
        return vector

    def _embed(self, texts: list[str]) -> "Vectors":
        """Here where it is a matter of milliseconds, else by the child."""
        return self._embedded(texts) if self._here is None else self._here.embed(texts)

    def _embedded(self, texts: list[str]) -> "Vectors":
        from retrieval.embedding_worker import EmbeddingFailed  # noqa: PLC0415

        try:
            return self._started().embed(texts)
        except EmbeddingFailed as error:
            raise Unavailable(str(error), dependency="embeddings") from error

    def _texts(self, pending: Sequence[Pending], *, embed: bool) -> Given:
        store = self._opened_store(write=embed)
        if store is not None:
            store.refresh()
            known = [one for one in pending if one.text_hash in store]
            if known:
                return Given(known, store.vectors([one.text_hash for one in known]))
        if not embed:
            return Given((), None)
        by_length = sorted(pending, key=lambda one: len(one.text))  # little padding
        vectors = self._embedded([one.text for one in by_length])
        self._keep([one.text_hash for one in by_length], vectors)
        return Given(by_length, vectors)

    def _opened_store(self, *, write: bool) -> "VectorReader | None":
        """The vectors on disk, to add to where this process may; None where the disk refuses."""
        from retrieval.file_locks import LockHeld  # noqa: PLC0415
        from retrieval.vector_files import VectorReader, VectorWriter  # noqa: PLC0415

        assert self.model is not None  # noqa: S101 - asked before
        if self._folder is None:
            return None
        writes = isinstance(self._store, VectorWriter)
        if self._store is not None and (writes or not write):
            return self._store
        try:
            if write:
                with contextlib.suppress(LockHeld):  # its holder is about to end; until then we read
                    self._folder.mkdir(parents=True, exist_ok=True)
                    writer = VectorWriter(self._folder, self.model, self.dimension)
                    if self._store is not None:
                        self._store.close()
                    self._store = writer
            if self._store is None:
                self._store = VectorReader(self._folder, self.model, self.dimension)
        except OSError as error:
            self.reason = f"vectors cannot be kept in {self._folder}: {error.strerror}"
        return self._store

    def _keep(self, text_hashes: list[str], vectors: "Vectors") -> None:
        """Keep vectors on disk; a disk that refuses costs the work again some day, and nothing now."""
        from retrieval.vector_files import VectorWriter  # noqa: PLC0415

        if isinstance(self._store, VectorWriter):
            try:
                self._store.add(text_hashes, vectors)
                self.reason = None
            except OSError as error:
                self.reason = f"vectors cannot be kept in {self._folder}: {error.strerror}"

    def _forget_all_but(self, text_hashes: frozenset[str]) -> None:
        from retrieval.vector_files import VectorWriter  # noqa: PLC0415

        store = self._opened_store(write=True)
        if isinstance(store, VectorWriter) and len(store) > 2 * len(text_hashes) + SPARE:
            with contextlib.suppress(OSError):  # the old file stands
                store.compact(text_hashes)

    # -- between -----------------------------------------------------------------------------------------------

    def _answered(self, text: str, done: "asyncio.Future[Vectors | None]") -> None:
        """Keep the vector for the next who asks the same, also where it came too late for the first."""
        self._asking.pop(text, None)
        if done.cancelled() or done.exception() is not None:
            return
        vector = done.result()
        if vector is not None:
            self._asked.keep(text, vector)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await self._on(self._threads, work)

    @staticmethod
    def _on(threads: ThreadPoolExecutor, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(threads, work)


class _Recent:
    """The vectors of the texts that were asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def get(self, text: str) -> "Vectors | None":
        """The vector of a text, which is the latest then."""
        vector = self._vectors.get(text)
        if vector is not None:
            self._vectors.move_to_end(text)
        return vector

    def keep(self, text: str, vector: "Vectors") -> None:
        """Keep a vector; the one that was not asked for the longest goes."""
        self._vectors[text] = vector
        if len(self._vectors) > self._most:
            self._vectors.popitem(last=False)
