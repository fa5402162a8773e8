/** The route that each client of these tests is documented with. */
export const chatkit = (upstream) => `{path: /api/chatkit, upstream: "${upstream}/chatkit"}`;

export const mcp = (upstream) => `{path: /api/mcp, upstream: "${upstream}/mcp", protocol: mcp}`;

export const agUi = (upstream) => `{path: /api/ag-ui, upstream: "${upstream}/agent", protocol: ag-ui}`;

export const a2a = (upstream) =>
  `{path: /api/a2a/*, upstream: "${upstream}/a2a", protocol: a2a, rewrite-urls: {"${upstream}/a2a": /api/a2a}}`;

export const a2aRest = (upstream) => `{path: /api/a2a-rest/*, upstream: "${upstream}/rest", protocol: a2a}`;

export const aiSdk = (upstream) => `{path: /api/chat/*, upstream: "${upstream}/chat", protocol: ai-sdk}`;

export const json = (upstream) =>
  `{path: /api/events, upstream: "${upstream}/events", protocol: json, context: {targets: [/context]}}`;
