import { useLayoutEffect } from 'react';

const attribute = 'data-mantine-color-scheme';

/** Around a desktop everything is dark, whatever the pages are; menus and toasts included. */
export function useDark(): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    let wanted = root.getAttribute(attribute);
    const darken = () => {
      if (root.getAttribute(attribute) === 'dark') return;
      wanted = root.getAttribute(attribute);
      root.setAttribute(attribute, 'dark');
    };
    darken();
    // A preference that arrives meanwhile counts once this page is left.
    const observer = new MutationObserver(darken);
    observer.observe(root, { attributes: true, attributeFilter: [attribute] });
    return () => {
      observer.disconnect();
      if (wanted) root.setAttribute(attribute, wanted);
    };
  }, []);
}
