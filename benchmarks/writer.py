"""Speed of the template writer and of the whole pipeline on the Luma shop's products.

Bounds: one text ≤ 3 ms, facts → checked copy ≤ 25 ms, medians. The ratio to a fixed piece of pure Python work in the
same run makes figures of different machines comparable.
"""

import asyncio
import statistics
import time

from app.copywriting.assembly import brief_for
from app.copywriting.pipeline import write_copy
from app.copywriting.request import CopyRequest, check_request
from app.copywriting.writers import TemplateWriter, write_from_template
from benchmarks.common import machine_ms, report
from benchmarks.luma import stored_products


def main() -> None:
    stored = list(stored_products())
    order = check_request(CopyRequest(sku=""))
    briefs = [brief_for(order, product, None, 0) for product in stored]
    for brief in briefs[:20]:
        write_from_template(brief)
    baseline = machine_ms()
    writer_ms = []
    for brief in briefs:
        started = time.perf_counter()
        write_from_template(brief)
        writer_ms.append((time.perf_counter() - started) * 1000)
    pipeline_ms = asyncio.run(pipeline_times(stored))
    for name, times, bound in (("template_writer", writer_ms, 3.0), ("pipeline", pipeline_ms, 25.0)):
        report(
            benchmark=name,
            texts=len(times),
            median_ms=round(statistics.median(times), 3),
            p95_ms=round(statistics.quantiles(times, n=20)[-1], 3),
            bound_ms=bound,
            baseline_ms=round(baseline, 3),
            ratio=round(statistics.median(times) / baseline, 3),
        )


async def pipeline_times(stored: list) -> list[float]:
    writer, times = TemplateWriter(), []
    for warm in (True, False):
        for product in stored[:20] if warm else stored:
            order = check_request(CopyRequest(sku=product.product.sku))
            started = time.perf_counter()
            brief = brief_for(order, product, None, 0)
            async for _ in write_copy(brief, writer=writer, order=order, facts_hash=product.facts_hash):
                pass
            if not warm:
                times.append((time.perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    main()
