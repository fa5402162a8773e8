import { defineConfig } from "vite";

// The gate, which forwards /api/chat to an agent server with `protocol: ai-sdk`.
const gate = process.env.GATEHOUSE ?? "http://127.0.0.1:8080";
const proxy = { target: gate, changeOrigin: false };

export default defineConfig({
  // The browser sees one origin, so that cookies travel and the cross-site guard is content. The gate
  // has to hear that origin too, and to list it: `public-origins: [http://localhost:5173]`.
  server: { proxy: Object.fromEntries(["/api", "/bff", "/login"].map((path) => [path, proxy])) },
  // The hooks of @gatehouse/client use the React of this page, not one of their own.
  resolve: { dedupe: ["react", "react-dom"] },
});
