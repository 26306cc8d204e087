# BD-1 in a container: what it needs and nothing else. compose.yaml shows how to run it.
#
#   docker build --tag bd1 .
#
# Without the network: put the wheels of requirements.lock and requirements-build.lock into ./wheels, then
#   docker build --tag bd1 --build-arg PIP_OPTIONS=--no-index .

ARG BASE=python:3.13-slim

FROM ${BASE} AS build
ARG PIP_OPTIONS=""
# So that what this stage leaves in the engine can be found:  docker image prune --filter label=bd1.stage=build
LABEL bd1.stage=build
WORKDIR /src
# No pip in what is shipped: the environment is filled from outside.
RUN python -m venv --without-pip /opt/bd1 && python -m venv --without-pip /opt/build
# The packages first and by themselves: they change less often than BD-1, so Docker can keep this layer.
# The star lets the folder of wheels be absent.
COPY requirements.lock requirements-build.lock wheels* wheels/
RUN for part in "bd1 requirements.lock" "build requirements-build.lock"; do set -- $part; \
      python -m pip --python /opt/$1/bin/python install --no-cache-dir --no-compile --no-deps --only-binary :all: \
        --require-hashes --find-links wheels ${PIP_OPTIONS} -r wheels/$2 || exit 1; \
    done
COPY pyproject.toml README.md LICENSE ./
COPY bd1 bd1
COPY cogs cogs
# Compiled once here: at run time the files are not writable, so every start would compile anew.
RUN python -m pip --python /opt/build/bin/python wheel --no-cache-dir --no-deps --no-build-isolation --no-index \
      --wheel-dir made . \
 && python -m pip --python /opt/bd1/bin/python install --no-cache-dir --no-compile --no-deps --no-index made/*.whl \
 && install -d -o 10001 -g 10001 /bd1/data \
 && python -m compileall -q /opt/bd1/lib

FROM ${BASE}
LABEL org.opencontainers.image.title="BD-1" \
      org.opencontainers.image.description="A Discord bot that owns one GPU: it shares the card and never lets it hang the host." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/bd1 /opt/bd1
# config.yaml is mounted here; `data_dir: data` is the folder beside it, owned by BD-1 so that a fresh volume is too.
COPY --from=build --chown=10001:10001 /bd1/data /bd1/data
WORKDIR /bd1
# Of the NVIDIA driver only NVML is needed: BD-1 measures the card and never computes on it.
ENV PATH=/opt/bd1/bin:/usr/local/bin:/usr/bin:/bin \
    BD1_CONFIG=/bd1/config.yaml \
    HOME=/tmp \
    NVIDIA_DRIVER_CAPABILITIES=utility \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# A number, so that it means the same whatever the base image's user list says.
USER 10001:10001
# Alive is: the watchdog has ticked in the last seconds. Discord or the card being away is no reason to be restarted.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["bd1", "heartbeat"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["bd1"]
CMD ["run"]
