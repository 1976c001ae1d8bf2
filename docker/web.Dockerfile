# The web image: pages and API, and every process that does not paint (io worker, relay, sweeper, migrate).
# Build from the root of the repository:  docker build -f docker/web.Dockerfile -t atelier-web .
# A release pins the base by digest too:  --build-arg PYTHON_IMAGE=python:3.11.14-slim-bookworm@sha256:…
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY locks/web.txt /tmp/web.txt
# Wheels only, each by its hash: nothing is compiled and no package's own code runs during the build.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-deps --require-hashes --only-binary=:all: -r /tmp/web.txt

FROM ${PYTHON_IMAGE}
# tini is process 1: it passes signals on and reaps; a Python as process 1 would ignore SIGTERM.
RUN apt-get update \
    && apt-get install -y --no-install-recommends "tini=0.19.0-*" \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 atelier \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin atelier
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/srv/atelier/var
WORKDIR /srv/atelier
COPY --from=builder /opt/venv /opt/venv
COPY . .
# Static files are hashed and compressed once, here. The values are for this one command: it connects to nothing,
# and none of them stays in the image.
RUN SECRET_KEY=used-once-to-collect-static-files-and-then-forgotten-000 PUBLIC_URL=http://localhost \
    DATABASE_URL=postgresql://nobody@localhost/none BROKER_URL=redis://localhost CACHE_URL=redis://localhost \
    S3_ENDPOINT_URL=http://localhost S3_ACCESS_KEY=none S3_SECRET_KEY=none \
    STRIPE_API_KEY=none STRIPE_PUBLISHABLE_KEY=none STRIPE_WEBHOOK_SECRET=none \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q marketplace gallery generation payments
# The files belong to root and the process does not: it cannot change its own code. PUBLIC_URL decides whether cookies
# are secure, so there is no default for it or for any other setting.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "docker/health.py", "web"]
ENTRYPOINT ["tini", "--"]
# Forwarded headers are Atelier's own affair (PROXY_HEADER); streams of live progress end when the grace is over.
CMD ["uvicorn", "marketplace.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", \
     "--no-proxy-headers", "--no-server-header", "--timeout-graceful-shutdown", "10", "--log-level", "warning"]
