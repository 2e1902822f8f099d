/** Where to go after the login. Only addresses inside this app, so a forged link cannot lead elsewhere. */
export function returnAddress(search: string): string {
  const wanted = new URLSearchParams(search).get('return');
  if (!wanted || !wanted.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) return '/';
  return wanted.startsWith('/login') || wanted.startsWith('/setup') ? '/' : wanted;
}

export const loginAddress = (from: string, reason?: 'ended'): string => {
  const query = new URLSearchParams();
  if (from !== '/' && from !== '') query.set('return', from);
  if (reason) query.set('reason', reason);
  const text = query.toString();
  return text ? `/login?${text}` : '/login';
};
