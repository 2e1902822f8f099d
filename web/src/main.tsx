import './ui/global.css';
import '@mantine/core/styles.layer.css';
import '@fontsource-variable/inter/wght.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { preferredLanguage, switchLanguage } from './i18n';

// The texts are on their way while the rest is parsed; nothing is painted without them, so no key ever shows.
const texts = switchLanguage(preferredLanguage());

async function start(): Promise<void> {
  await texts;
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}

void start();

if (import.meta.env.PROD && 'serviceWorker' in navigator && window.isSecureContext) {
  window.addEventListener('load', () => {
    // A certificate the browser does not trust forbids workers; the page works without.
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  });
}
