/** Elements that this page made: React leaves its mark on each, and the containers of menus, drawers and toasts hold such elements only. */
export const isOwn = (element: Element): boolean => made(element) || element.id === 'root' || (element.hasAttribute('data-portal') && [...element.children].every(made));

const made = (element: Element): boolean => Object.keys(element).some((key) => key.startsWith('__reactFiber$') || key.startsWith('__reactContainer$'));
