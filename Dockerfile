# The image of the web server, of the workers and of the beat. It runs as an ordinary user and holds no secret.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 arobase
WORKDIR /app
COPY requirements/run.lock requirements/run.lock
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.lock
COPY manage.py pyproject.toml ./
COPY label label
COPY season season
COPY results results
COPY jury jury
COPY assessments assessments
COPY accounts accounts
COPY territories territories
COPY outbox outbox
COPY instance instance
COPY scoring scoring
COPY documents documents
COPY prepared prepared
COPY templates templates
COPY static static
COPY docs/guide docs/guide
COPY docs/images/guide docs/images/guide
# Static files belong to the image, not to the volume: each release serves its own. The server only reads them.
ENV AROBASE_STATIC=/app/collected PYTHONUNBUFFERED=1
RUN AROBASE_DATA=/tmp/build SECRET_KEY=only-to-collect-the-static-files-never-used-to-serve-anything \
    python manage.py collectstatic --noinput && rm -r /tmp/build && chmod -R a+rX /app/collected
RUN mkdir --mode=700 /data /keys && chown arobase /data /keys
# The beat's own notes lie beside no data: they may be lost.
ENV AROBASE_DATA=/data AROBASE_BEAT=/tmp/beat-schedule
USER arobase
EXPOSE 8000
CMD ["python", "-m", "label.server", "--bind", "0.0.0.0:8000"]
