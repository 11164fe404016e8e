# syntax=docker/dockerfile:1
# The host and its five servers. Built from the root of the repository: docker build -t oncall-copilot .
# Pin NODE by its digest where you build (docker buildx imagetools inspect node:TAG); the tag is an exact one.
ARG NODE=node:22.21.1-bookworm-slim

FROM ${NODE} AS build
WORKDIR /src
COPY . .
RUN deploy/docker/steps.sh /src /app

FROM ${NODE}
# git reads and proposes changes of repositories. No shell is needed to run.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
# Owned by root, run by somebody else: what runs cannot change what it runs.
COPY --from=build /app /app
ENV NODE_ENV=production
USER 65532:65532
WORKDIR /tmp
EXPOSE 7800
ENTRYPOINT ["node"]
CMD ["/app/agent-host/bin/oncall.cjs", "serve"]
