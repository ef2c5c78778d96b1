# The workload of scripts/demo for compose.yaml. Its context is tests/oracle.
FROM node:22-slim
WORKDIR /workload
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY lib lib
COPY demo demo
USER node
ENTRYPOINT ["node", "demo/workload.mjs"]
