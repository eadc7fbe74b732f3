# syntax=docker/dockerfile:1
# The paper in a container: Debian's slim Python, a user without rights, everything it keeps in
# the volume /home/broadsheet/paper. compose.yaml shows how to run it.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/broadsheet
WORKDIR /src
# The dependencies first: they change rarely, and each carries its hash.
COPY requirements.lock ./
RUN /opt/broadsheet/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
RUN /opt/broadsheet/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# Backups of a paper in PostgreSQL are made by its own programs, of the server's version at least.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 broadsheet \
    && install --directory --owner=broadsheet --group=broadsheet --mode=0700 /home/broadsheet/paper
COPY --from=build /opt/broadsheet /opt/broadsheet
ENV PATH=/opt/broadsheet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BROADSHEET_HOME=/home/broadsheet/paper \
    BROADSHEET_LOG_FORMAT=json
USER broadsheet
WORKDIR /home/broadsheet
VOLUME /home/broadsheet/paper
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
# `init` does nothing to a home that is up to date; `exec` hands the signals to the paper.
CMD ["sh", "-c", "broadsheet init && exec broadsheet serve --host 0.0.0.0 --port 8000"]
