# syntax=docker/dockerfile:1

FROM python:3.11-slim-bookworm AS build
WORKDIR /src

# Dependencies first: they change seldom, and this layer is then taken from the cache.
COPY pyproject.toml requirements.lock ./
RUN python -m venv /opt/shelftalker \
 && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > dependencies.txt \
 && /opt/shelftalker/bin/python -m pip install --no-cache-dir --disable-pip-version-check -c requirements.lock -r dependencies.txt

COPY LICENSE README.md ./
COPY app app
COPY prompts prompts
COPY retrieval retrieval
COPY evaluators evaluators
COPY seo seo
RUN python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --no-cache-dir --disable-pip-version-check -c requirements.lock hatchling \
 && /opt/build/bin/python -m hatchling build -t wheel -d dist \
 && /opt/shelftalker/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps dist/*.whl \
 && /opt/shelftalker/bin/python -m pip uninstall --yes --quiet pip setuptools


FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 shelftalker \
 && useradd --uid 10001 --gid shelftalker --home-dir /var/lib/shelftalker --no-create-home --shell /usr/sbin/nologin shelftalker \
 && install --directory --owner=shelftalker --group=shelftalker --mode=0750 /var/lib/shelftalker
COPY --from=build /opt/shelftalker /opt/shelftalker

ENV PATH="/opt/shelftalker/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    SHELFTALKER_DATA_DIR=/var/lib/shelftalker \
    SHELFTALKER_LOG_FORMAT=json
USER shelftalker
WORKDIR /var/lib/shelftalker
VOLUME /var/lib/shelftalker
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# Beyond loopback the service wants keys: it does not start before the first one is made, which is
#   docker run --rm -v shelftalker:/var/lib/shelftalker shelftalker keys create --role admin --name you
ENTRYPOINT ["shelftalker"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
