# syntax=docker/dockerfile:1
# The tested versions, in an environment that is copied: the second stage holds no compiler, no pip
# cache and no source.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.txt requirements-opensearch.txt ./
RUN python -m venv /opt/searcher \
    && /opt/searcher/bin/pip install --no-cache-dir --require-hashes --no-deps \
        -r requirements.txt -r requirements-opensearch.txt
COPY pyproject.toml README.md LICENSE ./
COPY searcher searcher
COPY web web
# Kernels are compiled here, as the image is read-only later.
RUN /opt/searcher/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/searcher/bin/python -P -c "from searcher import kernels; kernels.load()" \
    && /opt/searcher/bin/pip uninstall --yes pip setuptools wheel

FROM python:3.11-slim
COPY --from=build /opt/searcher /opt/searcher
RUN useradd --system --uid 10001 --home-dir /srv/news --create-home news \
    && install -d -o news /srv/news/raw /srv/news/index
ENV PATH=/opt/searcher/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0
USER 10001
WORKDIR /srv/news
VOLUME /srv/news
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]
ENTRYPOINT ["searcher"]
CMD ["serve", "--update"]
