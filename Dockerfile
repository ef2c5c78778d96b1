# The program is built from source and installed as Debian's package, so that nothing comes with it but the libraries that it links to.
#
#   docker build -t bullmq_exporter --build-arg REVISION="$(git describe --always --dirty)" .
#   docker run --rm -p 9538:9538 -e BULLMQ_EXPORTER_REDIS_ADDR=redis://redis.example:6379 bullmq_exporter

FROM debian:trixie-slim AS build
WORKDIR /src
COPY scripts/setup scripts/versions.env scripts/
COPY scripts/setup.d scripts/setup.d
RUN scripts/setup build && apt-get install -y --no-install-recommends dpkg-dev file
COPY . .
ARG REVISION=unknown
RUN cmake --preset package -DBULLMQ_EXPORTER_REVISION="$REVISION" && cmake --build --preset package && \
    cd build/package && cpack -G DEB

FROM debian:trixie-slim
RUN --mount=type=bind,from=build,source=/src/build/package,target=/package \
    apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates /package/*.deb && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/* /var/log/*
LABEL org.opencontainers.image.title="bullmq_exporter" \
      org.opencontainers.image.description="Metrics and a read-only API of BullMQ's queues" \
      org.opencontainers.image.licenses="Apache-2.0"
# A number, so that Kubernetes can see that it is not root's.
USER 65532:65532
EXPOSE 9538 9539
# Where another address is listened on, say so in BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS or in the file of BULLMQ_EXPORTER_CONFIG_FILE: this
# does not see the flags of the command.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["/usr/bin/bullmq_exporter", "healthcheck"]
ENTRYPOINT ["/usr/bin/bullmq_exporter"]
