import { defineConfig } from "vitest/config";

// The page is served at `/app`, its assets at `/app/assets/`, perhaps all under a prefix of a
// proxy. So the page names its assets relative to itself, and assets name each other so.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/isocenter/web",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: URLs
    modulePreload: false,
    target: "es2022",
  },
  experimental: {
    renderBuiltUrl: (name, { hostType }) =>
      hostType === "html" ? `app/${name}` : { relative: true },
  },
  test: { include: ["tests/**/*.test.ts"] },
});
