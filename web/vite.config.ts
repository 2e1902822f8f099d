import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/precompress.ts';

const server = process.env.STREAMSPACE_SERVER ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // noVNC uses top-level await.
    target: 'es2022',
    // The content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The application, and the API reference at /api/docs.
    rollupOptions: { input: { index: 'index.html', docs: 'docs.html' } },
    chunkSizeWarningLimit: 1600,
  },
  server: {
    proxy: { '/api': { target: server, ws: true }, '/health': server },
  },
  test: {
    // A page for each file costs more than its tests: who needs one says so in the first line, // @vitest-environment jsdom.
    pool: 'threads',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
