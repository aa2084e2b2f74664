# One image for workers, API processes and jobs; the command tells which. State is outside: database, engine, attachments.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/aftercare \
    && /opt/aftercare/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements.lock
COPY pyproject.toml cli.py server.py worker.py ./
COPY core core
COPY domain domain
COPY store store
COPY activities activities
COPY workflows workflows
COPY api api
COPY plans plans
RUN /opt/aftercare/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 aftercare && install --directory --owner aftercare /var/lib/aftercare
COPY --from=build /opt/aftercare /opt/aftercare
ENV PATH=/opt/aftercare/bin:$PATH PYTHONUNBUFFERED=1 AFTERCARE_HOME=/var/lib/aftercare AFTERCARE_LOG_FORMAT=json
USER aftercare
VOLUME /var/lib/aftercare
ENTRYPOINT ["aftercare"]
CMD ["--help"]
