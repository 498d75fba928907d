# One image for the web processes, the workers and the commands; compose.yaml says which runs what.
FROM python:3.13-slim

# manage.py backup and restore call pg_dump and psql, which must be no older than the server of compose.yaml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /newsroom
COPY requirements.lock requirements-s3.lock ./
RUN pip install --no-cache-dir --requirement requirements.lock --requirement requirements-s3.lock

COPY . ./
# The index of the official divisions is built once here, and not by each container.
RUN useradd --system newsroom \
    && mkdir --parents .cache \
    && python -c "from articles.reading.gazetteer.divisions import load_gazetteer; load_gazetteer()" \
    && chown --recursive newsroom .cache
USER newsroom
