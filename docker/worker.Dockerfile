# The painting worker: torch with CUDA 13, and the engines' networks.
# Build from the root of the repository:  docker build -f docker/worker.Dockerfile -t atelier-worker .
#
# The base is the same slim Python as the web image's, not nvidia/cuda: torch's wheels bring the CUDA runtime, cuBLAS
# and cuDNN they were built against (the nvidia-* lines of locks/worker.txt), so that a CUDA base would carry some
# gigabytes a second time. The driver comes from the host, through the NVIDIA container toolkit. Without a GPU the
# same image paints on the CPU.
# A release pins the base by digest too:  --build-arg PYTHON_IMAGE=python:3.11.14-slim-bookworm@sha256:…
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY locks/worker.txt /tmp/worker.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-deps --require-hashes --only-binary=:all: -r /tmp/worker.txt

FROM ${PYTHON_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends "tini=0.19.0-*" \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 atelier \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin atelier \
    && install -d -o 10001 -g 10001 /var/lib/atelier
# Everything that is written lies under /var/lib/atelier: such as networks once read.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    DATA_DIR=/var/lib/atelier \
    XDG_CACHE_HOME=/var/lib/atelier/cache \
    TORCH_HOME=/var/lib/atelier/cache/torch \
    TRITON_CACHE_DIR=/var/lib/atelier/cache/triton \
    CUDA_CACHE_PATH=/var/lib/atelier/cache/cuda \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
WORKDIR /srv/atelier
COPY --from=builder /opt/venv /opt/venv
COPY . .
RUN python -m compileall -q marketplace gallery generation payments
USER 10001:10001
VOLUME ["/var/lib/atelier"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "docker/health.py", "worker"]
ENTRYPOINT ["tini", "--"]
CMD ["dramatiq", "marketplace.core.worker_process", "--processes", "1", "--threads", "1", "--queues", "cpu", "gpu"]
