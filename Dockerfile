# The server's image. scripts/image lays out the context (server and command line with their runtime, web UI, catalogue, recipes) and
# builds this: Debian with the server in it, run by an ordinary user. Sessions run in containers beside it, so it is given the
# engine's socket (compose.yaml). The local runtime needs more rights than a container has: for that, ./run on the machine itself.
FROM debian:bookworm-slim

# Only PostgreSQL's programs: the server makes a cluster of its own in its data directory unless it is given a database.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libicu72 libturbojpeg0 ffmpeg tzdata postgresql-common \
 && mkdir -p /etc/postgresql-common/createcluster.d && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/streamspace.conf \
 && apt-get install -y --no-install-recommends postgresql \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --home-dir /var/lib/streamspace --shell /usr/sbin/nologin streamspace

COPY . /opt/streamspace/
RUN ln -s /opt/streamspace/cli/streamspace /usr/local/bin/streamspace

USER streamspace
WORKDIR /var/lib/streamspace
VOLUME /var/lib/streamspace
EXPOSE 8080
ENTRYPOINT ["/opt/streamspace/server/StreamSpace.Server"]
CMD ["--data", "/var/lib/streamspace", "--runtime", "docker", "--log", "json"]
