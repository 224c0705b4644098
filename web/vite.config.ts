import { defineConfig } from "vitest/config";

// The pages are served at `/app`, `/app/studies` and so on, their assets at `/app/assets/`, perhaps all
// under a prefix of a proxy. So pages name assets relative to themselves, as assets name each other.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/isocenter/web",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: URLs
    modulePreload: false,
    target: "es2022",
    rolldownOptions: { input: ["index.html", "studies.html", "resources.html", "datasets.html"] },
  },
  experimental: {
    renderBuiltUrl: (name, { hostType, hostId }) =>
      hostType !== "html" ? { relative: true } : hostId === "index.html" ? `app/${name}` : name,
  },
  test: { include: ["tests/**/*.test.ts"] },
});
